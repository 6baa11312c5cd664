import Foundation
import Testing

@Suite struct EvaluateTests {
  private let sample = Sample.shared

  private func evaluate(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["evaluate", "--model", sample.router] + arguments)
  }

  @Test(arguments: ["evaluate", "train", "drift"])
  func anotherFormOfLogIsNamed(command: String) throws {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "export.jsonl").path
      let row =
        #"{"request":{"model":"m","messages":[{"role":"user","content":"q"}]},"response":{"choices":[]}}"# + "\n"
      try Data(String(repeating: row, count: 4).utf8).write(to: URL(filePath: path))
      let flags = command == "train" ? ["--output", folder.appending(path: "m").path] : ["--model", sample.router]
      let outcome = try Tool.run([command, path] + flags)
      #expect(outcome.code == 65 && outcome.error.contains("ockham import"), "\(outcome.error)")
    }
  }

  @Test func aMisspeltQualityIsToldBesideTheError() throws {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "log.jsonl").path
      try Data(#"{"prompt":"q","outcomes":{"cheap":{"score":1}}}"#.utf8).write(to: URL(filePath: path))
      let outcome = try evaluate(path)
      #expect(outcome.code == 65 && outcome.error.contains("expected a quality of some outcome"))
      #expect(outcome.error.contains(#"unknown key "score""#))
    }
  }

  /// The names that scripts rely on, and those that came later.
  @Test func theKeysAreStable() throws {
    let json = try evaluate(sample.fresh, "--format", "json", "--by", "dataset").json()
    let guaranteed: Set = [
      "rows", "tiers", "all_cheapest", "all_strongest", "oracle", "random", "curve", "apgr", "cpt50", "cpt80", "auc",
      "log_loss", "ece", "brier", "by",
    ]
    let others: Set = [
      "pair", "complete_rows", "priced_rows", "own_thresholds", "length_only", "intervals", "pair_curve",
      "length_curve", "confusion", "labelled_rows", "thresholds", "tier_costs", "reliability", "tasks", "notes",
      "apgr_cost", "apgr_cost_flat", "off_policy", "pair_rows", "random_same_cost", "length_only_same_cost",
      "tier_advice", "ladder", "shuffled_control", "routing", "model", "model_hash", "logs", "date",
    ]
    #expect(Set(json.keys) == guaranteed.union(others))
    #expect(json["rows"] as? Int == Sample.rows)
    #expect(json["tiers"] as? [String] == ["small", "frontier"])
    let point = try #require((json["curve"] as? [[String: Any]])?.first)
    #expect(Set(point.keys) == ["threshold", "share", "quality", "cost_usd"])
    #expect(Set((json["by"] as? [String: Any])?.keys.map(\.self) ?? []) == ["a", "b"])
    for list in ["auc", "log_loss", "ece", "brier"] { #expect((json[list] as? [Double])?.count == 2) }
    #expect((json["apgr"] as? Double ?? 0) > 0.55)
  }

  @Test func theTrainingLogIsScoredOutOfFold() throws {
    let honest = try evaluate(sample.log, "--format", "json")
    #expect(honest.error.contains("200 of 200 rows were trained on: scored by models that have not seen them"))
    try Tool.withFolder { folder in
      let copy = folder.appending(path: "model.safetensors")
      try FileManager.default.copyItem(atPath: sample.router + "/model.safetensors", toPath: copy.path)
      let refused = try Tool.run("evaluate", "--model", copy.path, sample.log, "--format", "json")
      #expect(refused.code == 1)
      #expect(refused.outputBytes.isEmpty)
      #expect(refused.error.contains("say --held-out when the log has no such rows"))
      let flattered = try Tool.run("evaluate", "--model", copy.path, sample.log, "--format", "json", "--held-out")
      #expect(flattered.code == 0)
      #expect(!flattered.error.contains("have not seen"))
      #expect(flattered.error.contains("rows that it was trained on inflate its metrics"))
      let losses = try [honest, flattered].map { try #require(try $0.json()["log_loss"] as? [Double]) }
      #expect(losses[1][0] < losses[0][0])
    }
    let fresh = try evaluate(sample.fresh)
    #expect(fresh.code == 0)
    #expect(fresh.error.isEmpty)
  }

  @Test func aDamagedOutOfFoldFileIsNamed() throws {
    try Tool.withFolder { folder in
      for name in ["model.safetensors", "out-of-fold.safetensors"] {
        try FileManager.default.copyItem(
          atPath: sample.router + "/" + name, toPath: folder.appending(path: name).path)
      }
      let url = folder.appending(path: "out-of-fold.safetensors")
      try Data(contentsOf: url).prefix(300).write(to: url)
      let outcome = try Tool.run("evaluate", "--model", folder.path, sample.log)
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("out-of-fold.safetensors"))
      #expect(outcome.error.contains("remove it or train again"))
    }
  }

  @Test func theTableIsReadable() throws {
    let outcome = try evaluate(sample.fresh, "--by", "task")
    #expect(outcome.code == 0)
    for word in ["all to the cheapest", "this model", "oracle", "APGR", "By task", "math", "chat"] {
      #expect(outcome.output.contains(word))
    }
    #expect(!outcome.output.contains("\u{1B}"))
    let subject = try #require(outcome.lines.first)
    #expect(subject.hasPrefix("model \(sample.router) (") || subject.contains("…"))
    #expect(subject.wholeMatch(of: /.*, log .*, \d{4}-\d\d-\d\d/) != nil, "\(subject)")
    #expect(outcome.lines.last?.hasPrefix("next: ockham route --model ") == true)
  }

  /// Tags balance, and nothing is loaded from anywhere.
  @Test func thePageIsWellFormedAndAlone() throws {
    try Tool.withFolder { folder in
      let url = folder.appending(path: "report.html")
      let outcome = try evaluate(sample.fresh, "--format", "html", "--output", url.path, "--by", "dataset")
      #expect(outcome.code == 0)
      #expect(outcome.outputBytes.isEmpty)
      #expect(outcome.error.contains("wrote \(url.path)"))
      let page = String(decoding: try Data(contentsOf: url), as: UTF8.self)
      #expect(Self.unbalancedTag(page) == nil)
      #expect(page.contains("<svg"))
      for word in [" src=", "@import", "<script", "<link", "url("] { #expect(!page.contains(word), "\(word)") }
      let addresses = page.components(separatedBy: "http").dropFirst().map { "http" + $0.prefix(30) }
      #expect(addresses.allSatisfy { $0.hasPrefix("http://www.w3.org/") }, "\(addresses)")
    }
  }

  /// The first tag that is closed out of turn or never; `nil` for a balanced page.
  static func unbalancedTag(_ page: String) -> String? {
    let empty: Set = ["meta", "br", "hr", "img", "input", "link", "wbr", "col"]
    var open: [String] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { return "<" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
      if tag.hasPrefix("!") || tag.hasSuffix("/") || empty.contains(name) { continue }
      if !tag.hasPrefix("/") {
        open.append(name)
      } else if open.popLast() != name {
        return name
      }
    }
    return open.last
  }

  @Test func theBalanceCheckFindsFaults() {
    #expect(Self.unbalancedTag("<!doctype html><p>a<br>b</p><svg><path d=''/></svg>") == nil)
    #expect(Self.unbalancedTag("<p><b></p></b>") == "p")
    #expect(Self.unbalancedTag("<div><p></p>") == "div")
  }

  /// The same for a seed, in every format, and without a word of the log.
  @Test func robustnessIsASectionOfItsOwn() throws {
    let flags = ["--robustness", "--robustness-rows", "12"]
    func run(_ format: String) throws -> Tool.Outcome {
      try Tool.run(["evaluate", "--model", sample.router, sample.fresh, "--format", format] + flags)
    }
    let json = try run("json")
    #expect(json.code == 0)
    #expect(json.output == (try run("json").output))
    let robustness = try #require(try json.json()["robustness"] as? [String: Any])
    #expect(robustness["rows"] as? Int == 12)
    #expect(robustness["log_rows"] as? Int == Sample.rows)
    #expect(robustness["trained_rows"] as? Int == 0)
    let noise = try #require(robustness["noise"] as? [String: [String: Any]])
    #expect(noise["upper_case"]?["rows"] as? Int == 12)
    #expect(noise["tab_indent"]?["changed_share"] is NSNull)
    let suffix = try #require(robustness["suffix"] as? [String: Any])
    #expect((suffix["stages"] as? [[String: Any]])?.compactMap { $0["tokens"] as? Int } == [0, 1, 2, 4, 8])
    let long = try #require((suffix["repeated"] as? [String: Any])?["largest_gain"] as? Double)
    #expect(long <= suffix["gain_ceiling"] as? Double ?? 0)
    let (table, page) = (try run("table").output, try run("html").output)
    #expect(table.contains("Robustness: harmless changes"))
    #expect(Self.unbalancedTag(page) == nil)
    for text in [json.output, table, page] {
      for word in ["grukatt", "plimsel"] { #expect(!text.contains(word)) }
    }
  }

  @Test func robustnessKnowsWhichRowsTheModelRemembers() throws {
    let outcome = try evaluate(sample.log, "--robustness", "--robustness-rows", "3")
    #expect(outcome.output.contains("was trained on 3 of these rows"))
    #expect(try evaluate(sample.log, "--robustness", "--robustness-rows", "0").code == 64)
  }

  @Test func aLogOnStandardInputIsRead() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: sample.fresh)))
    let piped = try Tool.run(["evaluate", "--model", sample.router, "-", "--format", "json"], input: bytes)
    #expect(piped.code == 0)
    let named = try evaluate(sample.fresh, "--format", "json").output
    #expect(piped.output == named.replacing("\"\(sample.fresh)\"", with: "\"-\""))
  }
}

/// Parts of a model, prices, and what a report says of itself.
@Suite struct EvaluateOptionsTests {
  private let sample = Sample.shared

  @Test func aReportSaysWhatItIsAbout() throws {
    let json = try Tool.run("evaluate", "--model", sample.router, sample.fresh, "--format", "json").json()
    #expect(json["model"] as? String == sample.router)
    #expect(json["logs"] as? [String] == [sample.fresh])
    #expect((json["date"] as? String)?.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil)
    #expect((json["model_hash"] as? String)?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    let text = try Tool.run("evaluate", "--model", sample.router, sample.fresh).output
    #expect(text.hasPrefix("model \(sample.router) ("))
    let page = try Tool.run("evaluate", "--model", sample.router, sample.fresh, "--format", "html").output
    #expect(page.contains("log \(sample.fresh), 20"))
  }

  @Test func savingsAreTakenOutOfFold() throws {
    let json = try Tool.run("evaluate", "--model", sample.router, sample.fresh, "--format", "json").json()
    let routing = try #require(json["routing"] as? [String: Any])
    for name in ["saved_at", "quality_kept_at"] {
      let levels = try #require(routing[name] as? [String: [String: Double]])
      #expect(Set(levels.keys) == ["0.95", "0.97", "0.99", "1.0"])
      #expect(levels.values.allSatisfy { Set($0.keys) == ["value", "low", "high"] })
    }
    #expect(routing["refused"] is NSNull)
  }

  /// Two logs that differ in nothing but in what shows their costs give the same dollars.
  @Test func pricesMakeTheDollarsThatTheLogLacks() throws {
    try Tool.withFolder { folder in
      let unpriced = folder.appending(path: "unpriced.jsonl")
      let text = try String(contentsOfFile: sample.fresh, encoding: .utf8)
        .replacing("\"cost_usd\":0.0001", with: "\"output_tokens\":100").replacing(",\"cost_usd\":0.002", with: "")
        .replacing("\"cost_usd\":0.002", with: "\"output_tokens\":100")
      try Data(text.utf8).write(to: unpriced)
      func evaluate(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(["evaluate", "--model", sample.router, unpriced.path, "--format", "json"] + arguments)
      }
      let none = try evaluate().json()
      #expect((none["tier_costs"] as? [String: Any])?["source"] as? String == "nominal")
      let half = try evaluate("--price", "small=0,1", "--price", "frontier=0,20")
      #expect(half.error.contains("200 outcomes stay without a cost"))
      let priced = try evaluate("--price", "small=0,1", "--price", "frontier=0,20", "--answer-tokens", "100")
      #expect(!priced.error.contains("stay without"))
      let strongest = try #require(try priced.json()["all_strongest"] as? [String: Any])
      #expect(abs(try #require(strongest["cost_usd"] as? Double) - 0.002) < 1e-12)

      let file = folder.appending(path: "prices.json")
      try Data(
        """
        {"cheap":{"input_cost_per_token":0,"output_cost_per_token":1e-6},"expensive":{"input_cost_per_token":0,"output_cost_per_token":2e-5}}
        """.utf8
      ).write(to: file)
      let listed = try evaluate("--prices", file.path, "--answer-tokens", "100")
      #expect(
        (try listed.json()["all_strongest"] as? [String: Any])?["cost_usd"] as? Double == strongest["cost_usd"]
          as? Double)

      #expect(try evaluate("--price", "small=1").code == 64)
      #expect(try evaluate("--price", "tiny=1,1").code == 64)
      #expect(try evaluate("--prices", "/no/such.json").code == 66)
      #expect(try evaluate("--answer-tokens", "5").code == 64)
    }
  }

  @Test func aPartOfTheTiersIsUsedEverywhere() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "three.jsonl").path
      let text = try String(contentsOfFile: sample.log, encoding: .utf8).replacing(
        "\"expensive\":", with: "\"middle\":{\"quality\":1,\"cost_usd\":0.0005},\"expensive\":")
      // The middle one fails as well now and then.
      let lines = text.split(separator: "\n").enumerated().map { index, line in
        index % 4 == 0
          ? String(line).replacing("{\"quality\":1,\"cost_usd\":0.0005}", with: "{\"quality\":0,\"cost_usd\":0.0005}")
          : String(line)
      }
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: log))
      let router = folder.appending(path: "router").path
      let trained = try Tool.run([
        "train", log, "--recipe", sample.recipe, "--output", router, "--tier", "small=cheap", "--tier", "mid=middle",
        "--tier",
        "frontier=expensive",
      ])
      #expect(trained.code == 0, "\(trained.error)")
      // The log of two models alone.
      let flags = ["--tiers", "small,frontier"]
      let part = try Tool.run(["evaluate", "--model", router, sample.log, "--format", "json"] + flags + Sample.tiers)
      #expect(part.code == 0, "\(part.error)")
      #expect(try part.json()["tiers"] as? [String] == ["small", "frontier"])
      #expect(try part.json()["complete_rows"] as? Int == Sample.rows)
      #expect(try Tool.run("evaluate", "--model", router, log, "--tiers", "small,huge").code == 64)

      let copy = folder.appending(path: "copy").path
      try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
      let calibrated = try Tool.run(
        ["calibrate", "--model", router, log, "--output", copy, "--max-share", "frontier=0.6"] + flags)
      #expect(calibrated.code == 0, "\(calibrated.error)")
      let routed = try Tool.run("route", "--model", copy, "--log", log, "--format", "json")
      #expect(routed.code == 0 && routed.lines.count == Sample.rows)
      #expect(!routed.output.contains("\"mid\""), "the copy knows the tiers that it was calibrated for")
      let whole = try Tool.run(
        "route", "--model", copy, "--log", log, "--format", "json", "--tiers", "small,mid,frontier")
      #expect(whole.output.contains("\"mid\""))
      #expect(try Tool.run("compare", router, copy, log, "--tiers", "small,frontier").code == 0)
    }
  }
}
