import Foundation
import Testing

@Suite struct InspectTests {
  @Test(arguments: ["", "/model.safetensors"]) func showsWhatAModelHolds(file: String) throws {
    let outcome = try Tool.run("inspect", Sample.shared.router + file)
    #expect(outcome.code == 0)
    #expect(outcome.error.isEmpty)
    for word in [
      "kind         logistic, 1024 buckets, word pairs", "task head    yes", "costs        not predicted", "small",
      "frontier", "gram.weight",
      "[1024, 3]", "training_data", "feature_schema", "guarantee", "library_version",
      "tensors_sha256",
    ] { #expect(outcome.output.contains(word), "\(word)") }
  }

  /// A model of few rows: the command that trains it says so, its costs are printed without the digits of binary fractions, and a log
  /// without qualities asks for ratings.
  @Test func fewRowsRoundCostsAndUnratedLogs() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.jsonl").path
      let lines = (0..<60).map { row in
        #"{"prompt":"request \#(row) \#(row % 2 == 0 ? "easy" : "hard")","outcomes":{"small":{"quality":\#(1 - row % 2),"#
          + #""cost_usd":0.0002},"frontier":{"quality":1,"cost_usd":0.003}}}"#
      }
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: log))
      let router = folder.appending(path: "router").path
      let trained = try Tool.run("train", log, "--output", router)
      #expect(trained.code == 0)
      #expect(trained.error.contains("next: more labelled rows: 60 are too few"), "\(trained.error)")
      let output = try Tool.run("inspect", router).output
      #expect(output.contains(" 0.0002 ") && output.contains(" 0.003 "), "\(output)")
      let unratedLines = lines.map { $0.replacing(/"quality":[01],/, with: "") }
      try Data(unratedLines.joined(separator: "\n").utf8).write(to: URL(filePath: log))
      let unrated = try Tool.run("evaluate", "--model", router, log)
      #expect(unrated.code == 65 && unrated.error.contains("rate the answers with `ockham label`"), "\(unrated.error)")
      #expect(!unrated.error.contains("--tier"))
    }
  }
}
