import Foundation
import TextKit
import Testing

@testable import Labelling

/// A folder that is removed when the test is over.
final class LabelFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "labelling-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  /// Labels lines; returns the lines written.
  func label(
    _ lines: [String], _ method: LabelMethod, _ options: LabelOptions = LabelOptions()
  ) async throws -> (lines: [String], summary: LabelSummary) {
    let input = try file("in.jsonl", lines.joined(separator: "\n") + "\n")
    let run = LabelRun(inputPath: input, outputPath: path + "/out.jsonl", method: method, options: options)
    let summary = try await run.run()
    return (try read("out.jsonl").split(separator: "\n").map(String.init), summary)
  }
}

/// The error that labelling ends with.
func labelError(_ body: () async throws -> Void) async -> LabelError? {
  do { try await body() } catch { return error as? LabelError }
  return nil
}

/// A JSON value from its text.
func json(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }
