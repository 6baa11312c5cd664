import Foundation
import Ockham
import Statistics
import Testing

/// A log that knows one tier's answer per request, as a gateway's does.
@Suite struct OneOutcomeTests {
  /// The sample's rows with the outcome of the cheap model in even rows and of the expensive one in odd rows.
  private func write(to folder: URL) throws -> String {
    let lines = Sample.logLines(2 * Sample.rows, seed: 1).enumerated().map { index, line in
      index % 2 == 0
        ? line.replacing(/,"expensive":\{[^}]*\}/, with: "") : line.replacing(/"cheap":\{[^}]*\},/, with: "")
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
      // The cheap model is as good on easy rows: a threshold of 0 would send them all up that lean a hair to the expensive one.
      #expect(model.thresholds.increments[0] > 0)
      let evaluation = try Tool.run(["evaluate", "--model", output, log] + Sample.tiers)
      #expect(evaluation.code == 0 && evaluation.output.contains("only the heads can be measured"))
      #expect(evaluation.output.contains("Refused: 400 of 400 rows lack the propensity"))
      let guarantee = try Tool.run(["calibrate", "--model", output, log, "--target-quality", "0.9"] + Sample.tiers)
      #expect(guarantee.code == 65 && guarantee.error.contains("expected rows with the quality of every tier"))
    }
  }

  /// With the draw's probability known, what the model would give is estimated from one answer each.
  @Test func evaluatesByPropensity() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      var generator = SplitMix64(seed: 5)
      let lines = Sample.logLines(600, seed: 7).map { line in
        let one =
          generator.next(below: 2) == 0
          ? line.replacing(/,"expensive":\{[^}]*\}/, with: "") : line.replacing(/"cheap":\{[^}]*\},/, with: "")
        return one.replacing("\"outcomes\"", with: "\"propensity\":0.5,\"outcomes\"")
      }
      let log = folder.appending(path: "drawn.jsonl")
      try Data(lines.joined().utf8).write(to: log)
      func evaluate(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(["evaluate", "--model", sample.router, log.path] + arguments)
      }
      let json = try evaluate("--format", "json").json()
      let found = try #require(json["off_policy"] as? [String: Any])
      let quality = try #require(found["quality"] as? [String: Double])
      #expect(quality["low"] ?? 0 > 0.6 && quality["high"] ?? 0 > quality["value"] ?? 1)
      #expect(found["refused"] is NSNull && found["rows"] as? Int == 600)
      #expect(try evaluate().output.contains("Off-policy estimates"))
      #expect(EvaluateTests.unbalancedTag(try evaluate("--format", "html").output) == nil)
      let guarantee = try Tool.run(
        ["calibrate", "--model", sample.router, log.path, "--target-quality", "0.6", "--output"]
          + [folder.appending(path: "proven.safetensors").path])
      #expect(guarantee.code == 0, "\(guarantee.error)")
      #expect(guarantee.output.contains("drawn with the logged propensity"))
      let fitted = try evaluate("--propensity", "fitted")
      #expect(fitted.code == 0 && fitted.output.contains("never a guarantee"))
      #expect(try evaluate("--propensity", "guessed").code == 64)
    }
  }

  /// A request that was asked twice is one record of two answers, which has no draw: its rows have.
  @Test func calibratesOnDrawsOfARepeatedRequest() throws {
    let sample = Sample.shared
    try Tool.withFolder { folder in
      var generator = SplitMix64(seed: 5)
      func row(_ line: String, isCheap: Bool) -> String {
        let one =
          isCheap ? line.replacing(/,"expensive":\{[^}]*\}/, with: "") : line.replacing(/"cheap":\{[^}]*\},/, with: "")
        return one.replacing("\"outcomes\"", with: "\"propensity\":0.5,\"outcomes\"")
      }
      let lines = Sample.logLines(600, seed: 7).enumerated().flatMap { index, line -> [String] in
        let isCheap = generator.next(below: 2) == 0
        return index < 5
          ? [row(line, isCheap: isCheap), row(line, isCheap: !isCheap)] : [row(line, isCheap: isCheap)]
      }
      let log = folder.appending(path: "drawn.jsonl")
      try Data(lines.joined().utf8).write(to: log)
      func calibrate(_ log: String, input: String = "") throws -> Tool.Outcome {
        try Tool.run(
          [
            "calibrate", "--model", sample.router, log, "--target-quality", "0.6", "--format", "json", "--output",
            folder.appending(path: "proven.safetensors").path,
          ], input: Array(input.utf8))
      }
      let guarantee = try calibrate(log.path)
      #expect(guarantee.code == 0 && guarantee.error.contains("5 rows merged"), "\(guarantee.error)")
      let json = try guarantee.json()
      #expect(json["rows"] as? Int == 600)
      #expect(guarantee.output.contains("drawn with the logged propensity"))
      let piped = try calibrate("-", input: lines.joined())
      #expect(piped.output == guarantee.output, "\(piped.error)")
    }
  }
}
