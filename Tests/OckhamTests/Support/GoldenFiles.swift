import Foundation

@testable import Ockham

/// The files that the plain Python implementation wrote.
enum GoldenFiles {
  /// The root of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let folder = root.appending(path: "Tests/Golden/runtime")

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }

  static func decode<Value: Decodable>(_ name: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Value.self, from: Data(try bytes(name)))
  }
}

/// features.json.
struct GoldenFeatures: Decodable {
  var pieces: [String]
  var names: [String]
  var fingerprint: String
  var options: [Options]
  var cases: [Case]

  struct Options: Decodable {
    var bucketBits: Int
    var wordPairs: Int
    var characterGrams: Int

    var value: FeatureOptions {
      FeatureOptions(bucketBits: bucketBits, wordPairs: wordPairs == 1, characterGrams: characterGrams == 1)
    }
  }

  struct Case: Decodable {
    var request: GoldenRequest
    var results: [Result]
    /// Pairs of index and bit pattern; all others are 0.
    var dense: [[UInt32]]
  }

  struct Result: Decodable {
    var ends: [Int]
    var checksum: String
    var distinctGramShare: UInt32
    var buckets: [UInt32]?
  }
}

/// A request as the golden files spell it: texts, or the seeds they are drawn from.
struct GoldenRequest: Decodable {
  var segments: [GoldenSegment]
  var attributes: Attributes?

  struct GoldenSegment: Decodable {
    var role: String
    var text: String?
    var rule: Rule?
  }

  struct Rule: Decodable {
    var seed: UInt64
    var bytes: Int

    func text(_ pieces: [String]) -> String {
      var draws = SplitMix64(seed: seed)
      var text = ""
      while text.utf8.count < bytes { text += pieces[Int(draws.next() % UInt64(pieces.count))] }
      return text
    }
  }

  struct Attributes: Decodable {
    var toolNames: [String]?
    var toolSchemaBytes: Int?
    var responseFormat: String?
    var responseSchemaBytes: Int?
    var imageCount: Int?
    var maximumOutputTokens: Int?

    var value: RequestAttributes {
      let formats: [String: ResponseFormat] = ["jsonObject": .jsonObject, "jsonSchema": .jsonSchema]
      return RequestAttributes(
        toolNames: toolNames ?? [], toolSchemaBytes: toolSchemaBytes ?? 0,
        responseFormat: formats[responseFormat ?? ""] ?? .text, responseSchemaBytes: responseSchemaBytes ?? 0,
        imageCount: imageCount ?? 0, maximumOutputTokens: maximumOutputTokens)
    }
  }

  func request(_ pieces: [String]) -> Request {
    let roles: [String: Role] = ["system": .system, "user": .user, "assistant": .assistant, "tool": .tool]
    let segments = segments.map { Segment(role: roles[$0.role]!, text: $0.text ?? $0.rule!.text(pieces)) }
    return Request(segments: segments, attributes: attributes?.value ?? RequestAttributes())
  }
}
