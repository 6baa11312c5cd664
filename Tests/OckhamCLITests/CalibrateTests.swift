import Foundation
import Ockham
import Testing

@Suite struct CalibrateTests {
  private let sample = Sample.shared

  /// Calibrates into a new file and gives back the model there.
  private func calibrate(_ arguments: String...) throws -> (Tool.Outcome, Model?) {
    try Tool.withFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let outcome = try Tool.run(
        ["calibrate", "--model", sample.router, sample.log, "--output", url.path] + arguments)
      guard let data = try? Data(contentsOf: url) else { return (outcome, nil) }
      return (outcome, try Model([UInt8](data)))
    }
  }

  @Test(arguments: [
    ["--max-share", "frontier=0.6"], ["--max-cost-per-1k", "1.5"], ["--target-quality", "0.9"],
    ["--max-share", "frontier=0.6", "--confidence", "0.8"],
  ]) func writesThresholdsAndWhatTheyPromise(goal: [String]) throws {
    let (outcome, model) = try Tool.withFolder { folder in
      let url = folder.appending(path: "model.safetensors")
      let outcome = try Tool.run(["calibrate", "--model", sample.router, sample.log, "--output", url.path] + goal)
      return (outcome, try? Model([UInt8](Data(contentsOf: url))))
    }
    #expect(outcome.code == 0, "\(outcome.error)")
    let written = try #require(model)
    let guarantee = try #require(written.metadata["guarantee"])
    #expect(outcome.output.contains(guarantee))
    #expect(written.metadata["tensors_sha256"] != nil, "it would be that of the old thresholds, and refused")
    #expect(guarantee.contains(goal.contains("0.8") ? "80 % confidence" : "95 % confidence"))
    #expect(outcome.error.contains("have not seen them"))
    #expect(outcome.lines.last?.hasPrefix("wrote ") == true)
  }

  @Test func aTighterShareNeedsAHigherThreshold() throws {
    let steps = try ["0.7", "0.5", "0.3"].map { share in
      try #require(try calibrate("--max-share", "frontier=\(share)").1).thresholds.steps[0]
    }
    #expect(steps[0] < steps[1] && steps[1] < steps[2])
  }

  /// What cannot be proved is refused with a reason and exit code 1, and nothing is written.
  @Test func aGoalOutOfReachIsRefused() throws {
    let (outcome, model) = try calibrate("--max-share", "frontier=0.001", "--confidence", "0.999")
    #expect(outcome.code == 1)
    #expect(model == nil)
    #expect(outcome.outputBytes.isEmpty)
    #expect(outcome.error.contains("ockham: error: "))
    #expect(outcome.error.contains("rows"))
  }

  @Test func withoutOutputTheModelIsChangedInPlace() throws {
    try Tool.withFolder { folder in
      for name in ["model.safetensors", "out-of-fold.safetensors"] {
        try FileManager.default.copyItem(
          atPath: sample.router + "/" + name, toPath: folder.appending(path: name).path)
      }
      let before = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      let outcome = try Tool.run(
        "calibrate", "--model", folder.path, sample.log, "--max-share", "frontier=0.4")
      #expect(outcome.code == 0)
      let after = try Data(contentsOf: folder.appending(path: "model.safetensors"))
      #expect(before != after)
      #expect(try Model([UInt8](after)).calibrations == Model([UInt8](before)).calibrations)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }
  }
}
