import Foundation
import Ockham
import Testing

/// A log that knows one tier's answer per request, as a gateway's does.
@Suite struct OneOutcomeTests {
  /// The sample's rows with the outcome of the cheap model in even rows and of the dear one in odd rows.
  private func write(to folder: URL) throws -> String {
    let lines = Sample.logLines(2 * Sample.rows, seed: 1).enumerated().map { index, line in
      index % 2 == 0
        ? line.replacing(/,"dear":\{[^}]*\}/, with: "") : line.replacing(/"cheap":\{[^}]*\},/, with: "")
    }
    let log = folder.appending(path: "one.jsonl")
    try Data(lines.joined().utf8).write(to: log)
    return log.path
  }

  @Test func trainsWithoutAPromise() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      let (log, output) = (try write(to: folder), folder.appending(path: "router").path)
      let outcome = try Tool.run(
        ["train", log, "--recipe", sample.recipe, "--output", output, "--seed", "1"] + Sample.tiers)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("No guarantee: no row has the quality of every tier"))
      let model = try Model([UInt8](Data(contentsOf: URL(filePath: output + "/model.safetensors"))))
      #expect(model.metadata["guarantee"] == nil)
      // The cheap model is as good on easy rows: a threshold of 0 would send them all up that lean a hair to the dear one.
      #expect(model.thresholds.steps[0] > 0)
      let evaluation = try Tool.run(["evaluate", "--model", output, log] + Sample.tiers)
      #expect(evaluation.code == 0 && evaluation.output.contains("only the heads can be measured"))
      let promise = try Tool.run(["calibrate", "--model", output, log, "--target-quality", "0.9"] + Sample.tiers)
      #expect(promise.code == 65 && promise.error.contains("expected rows with the quality of every tier"))
    }
  }
}
