import Foundation
import Ockham

/// A record of a log with one prompt and every tier's outcome.
private struct LogRow: Decodable {
  struct Outcome: Decodable {
    let quality: Double?
    let costUSD: Double?

    enum CodingKeys: String, CodingKey {
      case quality
      case costUSD = "cost_usd"
    }
  }

  let id: String?
  let dataset: String?
  let prompt: String
  let outcomes: [String: Outcome]
}

/// Scored requests of a trained model: its out-of-fold scores of requests and answers beside the outcomes of its training log.
struct TrainedRows {
  private let tiers: [String]
  /// The names that stand for each tier.
  private let names: [[String]]
  private let scores: TensorFile
  private let placeOfHash: [UInt64: Int]

  init(model folder: String) throws {
    func file(_ name: String) throws -> TensorFile {
      try TensorFile(Array(Data(contentsOf: URL(filePath: folder).appending(path: name))))
    }
    func strings<Value: Decodable>(_ text: String?, _ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: Data((text ?? "[]").utf8))
    }
    scores = try file("out-of-fold.safetensors")
    tiers = try strings(scores.metadata["tiers"], [String].self)
    let models = try strings(file("model.safetensors").metadata["tier_models"], [[String]].self)
    names = tiers.enumerated().map { [$1] + ($0 < models.count ? models[$0] : []) }
    let hashes = scores["request_hash"]?.uint64s ?? []
    placeOfHash = Dictionary(zip(hashes, hashes.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Prints the rows of a log that know every tier's quality and cost and all answers that are scored.
  func write(log path: String) throws {
    let decoder = JSONDecoder()
    let encoder = JSONEncoder()
    let answers = (0..<tiers.count - 1).map { tier in
      let places = (scores["response.\(tier).place"]?.uint64s ?? []).map(Int.init)
      return (
        index: Dictionary(uniqueKeysWithValues: zip(places, places.indices)),
        response: scores["response.\(tier).probability"]?.floats,
        form: scores["response.\(tier).form_probability"]?.floats
      )
    }
    let probabilities = scores["probability"]?.floats ?? []
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let row = try decoder.decode(LogRow.self, from: Data(line.utf8))
      let outcomes = names.compactMap { own in own.lazy.compactMap { row.outcomes[$0] }.first }
      let (quality, cost) = (outcomes.compactMap(\.quality), outcomes.compactMap(\.costUSD))
      guard quality.count == tiers.count, cost.count == tiers.count,
        let place = placeOfHash[Request(prompt: row.prompt).contentHash]
      else { continue }
      func values(_ tier: Int, _ all: [Float]?) -> [Float]? {
        let width = tiers.count - tier
        return answers[tier].index[place].flatMap { index in all.map { Array($0[index * width..<(index + 1) * width]) }
        }
      }
      let response = answers.indices.map { values($0, answers[$0].response) }
      guard zip(answers, response).allSatisfy({ $0.index.isEmpty || $1 != nil }) else { continue }
      let request = ScoredRequest(
        id: row.id ?? String(place), task: row.dataset,
        prompt: Array(probabilities[place * tiers.count..<(place + 1) * tiers.count]), response: response,
        form: answers.indices.map { values($0, answers[$0].form) }, quality: quality, cost: cost)
      print(String(decoding: try encoder.encode(request), as: UTF8.self))
    }
  }
}
