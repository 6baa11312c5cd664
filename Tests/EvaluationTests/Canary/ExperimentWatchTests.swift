import Evaluation
import Statistics
import Testing

/// Arms held against their control.
struct ExperimentWatchTests {
  private func watch(_ moreExpensive: Double, seed: UInt64, conversations: Int = 4_000) -> ExperimentWatch {
    var watch = ExperimentWatch(arms: [("control", 0.5), ("same", 0.25), ("expensive", 0.25)])
    var generator = SplitMix64(seed: seed)
    func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    for _ in 0..<conversations {
      let draw = unit()
      let arm = draw < 0.5 ? "control" : draw < 0.75 ? "same" : "expensive"
      watch.close(
        .init(
          arm: arm, dollars: (0.5 + unit()) * (arm == "expensive" ? 1 + moreExpensive : 1),
          latencyMilliseconds: 100 * unit(),
          failures: 0, quality: unit() < 0.2 ? (unit() < 0.7 ? 1 : 0) : nil))
    }
    return watch
  }

  @Test func whatDiffersIsFoundAndWhatDoesNotIsNot() throws {
    let watch = watch(0.2, seed: 1)
    let expensive = try #require(watch.difference(.costUSD, of: 2))
    #expect(expensive.low > 0 && expensive.low < 0.2 && expensive.high > 0.2)
    let same = try #require(watch.difference(.costUSD, of: 1))
    #expect(same.low < 0 && same.high > 0)
    #expect(watch.difference(.costUSD, of: 0) == nil && watch.difference(.quality, of: 1) != nil)
    #expect(watch.conversations(of: 0) + watch.conversations(of: 1) + watch.conversations(of: 2) == 4_000)
    #expect(abs((watch.mean(.costUSD, of: 0) ?? 0) - 1) < 0.03 && abs((watch.mean(.costUSD, of: 2) ?? 0) - 1.2) < 0.05)
    #expect(watch.json.jsonText.contains(#""name":"expensive""#))
  }

  /// Of 200 experiments in which nothing differs, looked at after every conversation, few show a difference in dollars.
  @Test func falseAlarmsAreRare() {
    var alarms = 0
    for seed in 0..<200 {
      var watch = ExperimentWatch(arms: [("control", 0.5), ("same", 0.5)])
      var generator = SplitMix64(seed: UInt64(seed))
      var hasAlarmed = false
      for _ in 0..<1_000 {
        let (arm, draw) = (generator.next() & 1 == 0, Double(generator.next() >> 11) * 0x1p-53)
        watch.close(.init(arm: arm ? "control" : "same", dollars: draw * draw))
        if let found = watch.difference(.costUSD, of: 1), found.low > 0 || found.high < 0 { hasAlarmed = true }
      }
      alarms += hasAlarmed ? 1 : 0
    }
    #expect(alarms <= 16)
  }

  @Test func nothingIsSaidOfFewConversations() {
    #expect(watch(0.5, seed: 2, conversations: 60).difference(.costUSD, of: 2) == nil)
    var unknown = ExperimentWatch(arms: [("control", 0.5), ("other", 0.5)])
    for index in 0..<500 { unknown.close(.init(arm: index % 2 == 0 ? "control" : "other", failures: 0)) }
    #expect(unknown.mean(.costUSD, of: 1) == nil && unknown.difference(.costUSD, of: 1) == nil)
    unknown.close(.init(arm: "absent", dollars: 1))
    #expect(unknown.mean(.costUSD, of: 1) == nil)
  }
}
