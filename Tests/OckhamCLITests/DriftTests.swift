import Foundation
import Testing

/// `ockham drift` as a program: days that are as they were, days that are not, and logs that are not enough.
@Suite(.timeLimit(.minutes(30))) struct DriftTests {
  /// A log of whole days with 40 requests each; from a day on a part of them is Chinese.
  private static func log(days: Int, foreignFrom day: Int = .max, hasTimes: Bool = true) -> [UInt8] {
    var lines = ""
    for number in 0..<days {
      for index in 0..<40 {
        let text =
          number >= day && index % 2 == 0
          ? "请用三句话总结这封邮件 \(index)"
          : "Summarise mail \(100 + (number * 41 + index * 17) % 800) in \(2 + (index * 7 + number) % 5) sentences."
        let hour = 10 + index / 10
        let minute = 10 + (index % 10) * 4
        let time = index == 0 ? "00:10" : index == 39 ? "23:50" : "\(hour):\(minute)"
        let stamp = hasTimes ? #","timestamp":"2026-03-\#(number < 9 ? "0" : "")\#(number + 1)T\#(time):00Z""# : ""
        lines += """
          {"id":"d\(number)-\(index)","prompt":"\(text)"\(stamp),"served":"cheap","outcomes":{"cheap":{"cost_usd":0.000\(1 + index % 7)}}}

          """
      }
    }
    return Array(lines.utf8)
  }

  private func drift(_ log: [UInt8], _ arguments: String...) throws -> (Tool.Outcome, [String: Any]) {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "log.jsonl")
      try Data(log).write(to: path)
      let outcome = try Tool.run(
        ["drift", "--model", Sample.shared.router, path.path] + Sample.tiers + arguments)
      let object = try? JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any]
      return (outcome, object ?? [:])
    }
  }

  @Test func trafficThatIsAsItWasRaisesNoAlarm() throws {
    let (outcome, json) = try drift(Self.log(days: 12), "--format", "json")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(json["alarm"] as? Bool == false)
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(tests.count > 50 && json["days"] as? Int == 5 && json["rows"] as? Int == 200)
    for key in ["name", "statistic", "p", "adjusted", "alarm"] { #expect(tests[0][key] != nil, "\(key)") }
    #expect((json["reference"] as? [String: Any])?["source"] as? String == "live")
  }

  @Test func anotherLanguageIsFoundWithItsDayAndCause() throws {
    let log = Self.log(days: 14, foreignFrom: 10)
    let (_, json) = try drift(log, "--format", "json", "--since", "7d")
    #expect(json["alarm"] as? Bool == true)
    let tests = try #require(json["tests"] as? [[String: Any]])
    let han = try #require(tests.first { $0["name"] as? String == "feature.han_share" })
    #expect(han["alarm"] as? Bool == true && han["since"] as? String == "2026-03-11")
    #expect(try #require(han["adjusted"] as? Double) < 0.01)
    let (table, _) = try drift(log)
    #expect(table.output.contains("Drift: ") && table.output.contains("han share of requests"))
  }

  @Test func whatCannotTellIsUnknown() throws {
    let (outcome, short) = try drift(Self.log(days: 5), "--format", "json")
    #expect(outcome.code == 0 && short["alarm"] is NSNull && short["reason"] is String)
    let (_, timeless) = try drift(Self.log(days: 9, hasTimes: false), "--format", "json")
    #expect(timeless["alarm"] is NSNull && (timeless["reason"] as? String)?.contains("no times") == true)
    let (since, _) = try drift(Self.log(days: 9, hasTimes: false), "--since", "7d")
    #expect(since.code == 65 && since.error.contains("expected timestamps for --since"))
    let (empty, _) = try drift([])
    #expect(empty.code == 65)
  }

  /// A log that says with what probability its labels were drawn teaches the model what traffic looked like.
  @Test func aModelOfDrawnLabelsKnowsItsTraffic() throws {
    try Tool.withFolder { folder in
      let drawn = Sample.logLines(Sample.rows, seed: 1).joined()
        .replacing("\"cost_usd\":0.0001}", with: "\"cost_usd\":0.0001,\"inclusion\":0.5}")
      let (log, router) = (folder.appending(path: "drawn.jsonl").path, folder.appending(path: "router").path)
      try Data(drawn.utf8).write(to: URL(filePath: log))
      let trained = try Tool.run(
        ["train", log, "--recipe", Sample.shared.recipe, "--output", router] + Sample.tiers)
      #expect(trained.code == 0, "\(trained.error)")
      let calibrated = try Tool.run(
        ["calibrate", "--model", router, log, "--max-share", "frontier=0.9", "--allow-unproven"])
      #expect(calibrated.code == 0, "\(calibrated.error)")
      let traffic = folder.appending(path: "traffic.jsonl")
      try Data(Self.log(days: 4)).write(to: traffic)
      let outcome = try Tool.run(
        ["drift", "--model", router, traffic.path, "--format", "json"] + Sample.tiers)
      let json = try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any]
      #expect((json?["reference"] as? [String: Any])?["source"] as? String == "training")
      #expect(json?["alarm"] as? Bool == true && json?["days"] as? Int == 4)
    }
  }

  @Test func optionsOutOfRangeAreNamed() throws {
    for (option, value) in [("--days-to-false-alarm", "5"), ("--tolerance", "2"), ("--since", "soon")] {
      let outcome = try Tool.run(["drift", "--model", "m", "log", option, value])
      #expect(outcome.code == 64 && outcome.error.contains(option), "\(outcome.error)")
    }
  }
}
