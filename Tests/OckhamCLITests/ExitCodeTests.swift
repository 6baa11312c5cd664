import Foundation
import Testing

/// Scripts depend on exit codes: 0 done, 1 failure, 64 usage, 65 bad data, 66 missing input, 74 I/O.
@Suite struct ExitCodeTests {
  private let sample = Sample.shared

  private func code(_ arguments: [String]) throws -> Int32 {
    let outcome = try Tool.run(arguments)
    #expect(!outcome.error.isEmpty, "\(arguments)")
    #expect(outcome.outputBytes.isEmpty, "\(arguments)")
    return outcome.code
  }

  @Test func usageIs64() throws {
    let model = ["--model", sample.router]
    for arguments in [
      ["nonsense"], ["train", sample.log], ["train", sample.log, "--output", "/tmp/x", "--folds", "1"],
      ["train", sample.log, "--output", "/tmp/x", "--threads", "0"], ["evaluate", sample.log],
      ["evaluate", sample.log, "--format", "pdf"] + model, ["calibrate", sample.log] + model,
      ["evaluate", sample.log, "--pair", "small,huge"] + model, ["evaluate", sample.log, "--pair", "small"] + model,
      ["calibrate", sample.log, "--max-share", "frontier=2"] + model,
      ["calibrate", sample.log, "--max-share", "huge=0.2"] + model,
      ["calibrate", sample.log, "--target-quality", "1.2"] + model,
      ["calibrate", sample.log, "--max-cost-per-1k", "0"] + model,
      ["calibrate", sample.log, "--target-quality", "0.9", "--confidence", "1"] + model,
      ["calibrate", sample.log, "--target-quality", "0.9", "--max-share", "frontier=0.2"] + model,
      ["evaluate", sample.log, "--tier", "small=cheap", "--tier", "huge=expensive"] + model,
      ["evaluate", sample.log, "--tier", "small"] + model, ["route"] + model,
      ["route", "prompt", "--log", sample.log] + model, ["inspect"], ["trian", sample.log], ["help", "trian"],
      ["compare", sample.router],
      ["compare", sample.router, sample.candidate, sample.log, "--pair", "small,small"],
    ] { #expect(try code(arguments) == 64, "\(arguments)") }
  }

  @Test func badDataIs65() throws {
    try Tool.withFolder { folder in
      func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
      }
      let lines = Sample.logLines(4, seed: 5)
      let broken = try file("broken.jsonl", "{\n{\n")
      let few = try file("few.jsonl", lines.joined())
      let unlabelled = try file("unlabelled.jsonl", "{\"id\":\"1\",\"prompt\":\"p\"}\n")
      let notAModel = try file("model.safetensors", String(repeating: "not a model ", count: 9))
      let recipe = try file("recipe.json", "{\"fold\": 5}")
      let output = ["--output", folder.appending(path: "m").path]
      for arguments in [
        ["train", broken] + output, ["train", few] + output + Sample.tiers, ["train", unlabelled] + output,
        ["train", sample.log, "--recipe", recipe] + output + Sample.tiers, ["inspect", notAModel],
        ["route", "--model", notAModel, "prompt"], ["evaluate", "--model", sample.router, broken],
        ["evaluate", "--model", sample.router, unlabelled], ["route", "--model", sample.router, "--log", broken],
      ] {
        let outcome = try Tool.run(arguments)
        #expect(outcome.code == 65, "\(arguments)")
        #expect(!outcome.error.isEmpty, "\(arguments)")
      }
    }
  }

  @Test func missingInputIs66() throws {
    for arguments in [
      ["train", "/no/such/log", "--output", NSTemporaryDirectory() + "ockham-never"],
      ["evaluate", "--model", "/no/such/model", sample.log], ["evaluate", "--model", sample.router, "/no/such/log"],
      ["evaluate", "--model", sample.folder.path, sample.log], ["inspect", "/no/such/model"],
      ["route", "--model", sample.router, "--log", "/no/such/log"], ["route", "--model", "/no/such/model", "prompt"],
      ["calibrate", "--model", "/no/such/model", sample.log, "--target-quality", "0.9"],
      ["compare", sample.router, "/no/such/model", sample.log],
      ["compare", sample.router, sample.candidate, "/no/such/log"],
      ["train", sample.log, "--recipe", "/no/such/recipe", "--output", NSTemporaryDirectory() + "ockham-never"],
    ] { #expect(try code(arguments) == 66, "\(arguments)") }
    try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "ockham-never")
  }

  /// A path below a file cannot be written, regardless of who runs the tests.
  @Test func unwritableOutputIs74() throws {
    let below = sample.log + "/below"
    let calibration = [
      "calibrate", "--model", sample.router, sample.log, "--max-share", "frontier=0.6", "--output", below,
    ]
    for arguments in [
      ["train", sample.log, "--recipe", sample.recipe, "--output", below] + Sample.tiers,
      ["evaluate", "--model", sample.router, sample.log, "--output", below], calibration,
    ] {
      let outcome = try Tool.run(arguments)
      #expect(outcome.code == 74, "\(arguments)")
      #expect(outcome.error.contains(below), "\(outcome.error)")
    }
  }

  /// What is printed for a program that has ended, as for `head`, is an error and no signal; files are written nonetheless.
  @Test func aReaderThatHasGoneIs74() throws {
    for arguments in [
      ["route", "--model", sample.router, "prompt"], ["evaluate", "--model", sample.router, sample.log],
      ["inspect", sample.router], ["compare", sample.router, sample.candidate, sample.log],
    ] {
      let process = Process()
      process.executableURL = Tool.executable
      process.arguments = arguments
      let (output, error) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = error
      try output.fileHandleForReading.close()
      try process.run()
      let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(arguments)")
      #expect(message.contains("the program that reads it has ended"))
    }
  }

  @Test func aFullDiskIs74() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"))
    for arguments in [
      ["route", "--model", sample.router, "prompt"], ["route", "--model", sample.router, "--log", sample.log],
      ["--help"], ["evaluate", "--model", sample.router, sample.log], ["inspect", sample.router],
      ["compare", sample.router, sample.candidate, sample.log],
    ] {
      let outcome = try Tool.run(arguments, outputPath: "/dev/full")
      #expect(outcome.code == 74, "\(arguments)")
      #expect(outcome.error.contains("standard output: cannot write"))
    }
  }
}
