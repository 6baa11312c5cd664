import Foundation
import Testing

@Suite struct CompareTests {
  private let sample = Sample.shared

  @Test func theTableEndsInAPlainVerdict() throws {
    let outcome = try Tool.run("compare", sample.router, sample.candidate, sample.fresh)
    #expect(outcome.code == 0)
    for word in [
      "APGR, small to frontier", "CPT50", "mean log-loss", "ECE small", "ECE frontier", "quality, own thresholds",
      "USD per 1,000, own thresholds", "choose different tiers for",
    ] { #expect(outcome.output.contains(word), "\(word)") }
    #expect(outcome.output.contains("routes better") || outcome.output.contains("route every row alike"))
  }

  @Test func theKeysAreStable() throws {
    let json = try Tool.run("compare", sample.router, sample.candidate, sample.log, "--format", "json").json()
    #expect(
      Set(json.keys) == [
        "rows", "complete_rows", "questions", "tiers", "pair", "first", "second", "difference", "differing_share",
        "confidence", "resamples", "seed", "verdict", "sentences", "logs", "date",
      ])
    let side = try #require(json["first"] as? [String: Any])
    #expect(Set(side.keys) == ["model", "apgr", "cpt50", "log_loss", "ece", "quality", "cost_usd", "share"])
    let difference = try #require(json["difference"] as? [String: Any])
    #expect(Set(difference.keys) == ["apgr", "cpt50", "log_loss", "ece", "quality", "cost_usd"])
    let apgr = try #require(difference["apgr"] as? [String: Double])
    #expect(Set(apgr.keys) == ["estimate", "lower", "upper"])
  }

  /// Both models say what evaluate says of them.
  @Test func agreesWithEvaluate() throws {
    let json = try Tool.run("compare", sample.router, sample.candidate, sample.log, "--format", "json").json()
    for (name, model) in [("first", sample.router), ("second", sample.candidate)] {
      let side = try #require(json[name] as? [String: Any])
      let report = try Tool.run("evaluate", "--model", model, sample.log, "--format", "json").json()
      func near(_ left: Any?, _ right: Any?) -> Bool {
        guard let left = left as? Double, let right = right as? Double else { return false }
        return abs(left - right) < 1e-9
      }
      #expect(near(side["apgr"], report["apgr"]))
      #expect(near(side["cpt50"], report["cpt50"]))
      let own = try #require(report["own_thresholds"] as? [String: Any])
      #expect(near(side["quality"], own["quality"]))
      #expect(near(side["cost_usd"], own["cost_usd"]))
      let errors = try #require(side["ece"] as? [Double])
      #expect(zip(errors, try #require(report["ece"] as? [Double])).allSatisfy { near($0, $1) })
      let losses = try #require(report["log_loss"] as? [Double])
      #expect(near(side["log_loss"], losses.reduce(0, +) / 2))
    }
  }

  @Test func rowsThatWereTrainedOnAreToldByModel() throws {
    let outcome = try Tool.run("compare", sample.router, sample.candidate, sample.log)
    for model in [sample.router, sample.candidate] {
      #expect(outcome.error.contains("\(model): 200 of 200 rows were trained on"))
    }
  }

  @Test func aModelIsLikeItself() throws {
    let json = try Tool.run("compare", sample.router, sample.router, sample.log, "--format", "json").json()
    #expect(json["verdict"] as? String == "alike")
    #expect(json["differing_share"] as? Double == 0)
  }

  @Test func otherTiersAreRefused() throws {
    try Tool.withFolder { folder in
      let other = folder.appending(path: "other").path
      let trained = try Tool.run(
        "train", sample.log, "--recipe", sample.recipe, "--output", other, "--tier", "low=cheap", "--tier",
        "high=expensive")
      #expect(trained.code == 0)
      let outcome = try Tool.run("compare", sample.router, other, sample.log)
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("small, frontier and low, high"))
    }
  }

  /// Two models that were trained for other models behind the same tiers have other labels.
  @Test func otherModelsBehindTheTiersNeedFlags() throws {
    try Tool.withFolder { folder in
      let other = folder.appending(path: "other").path
      let renamed = folder.appending(path: "log.jsonl")
      let text = try String(contentsOfFile: sample.log, encoding: .utf8).replacing("\"cheap\"", with: "\"cheaper\"")
      try Data(text.utf8).write(to: renamed)
      let trained = try Tool.run(
        "train", renamed.path, "--recipe", sample.recipe, "--output", other, "--tier", "small=cheaper", "--tier",
        "frontier=expensive")
      #expect(trained.code == 0)
      let outcome = try Tool.run("compare", sample.router, other, sample.log)
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("--tier"))
      #expect(try Tool.run(["compare", sample.router, other, sample.log] + Sample.tiers).code == 0)
    }
  }
}
