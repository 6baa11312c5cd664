import Statistics
import Testing

@testable import Evaluation

/// Fixed prompts whose answers change, or do not.
@Suite struct CanaryPromptsTests {
  private static func watch(rounds: Int, worseFrom: Int, share: Double, back: Int = .max) -> [Bool] {
    var random = SplitMix64(seed: 8)
    var watch = CanaryPrompts(prompts: 10, asksPerDay: 240, referenceRounds: 30)
    return (0..<rounds).map { round in
      for prompt in 0..<10 {
        let usual: Double = prompt < 8 ? 1 : 0.7
        let isWorse = round >= worseFrom && round < back
        watch.add(prompt, Double(random.nextUnit()) < usual - (isWorse ? share : 0))
      }
      return watch.hasAlarm
    }
  }

  @Test func whatIsAsBeforeRaisesNothing() {
    #expect(!Self.watch(rounds: 1_000, worseFrom: .max, share: 0).contains(true))
  }

  @Test func aProviderThatGotWorseIsFoundAndFoundBack() throws {
    let alarms = Self.watch(rounds: 600, worseFrom: 200, share: 0.2, back: 400)
    let first = try #require(alarms.firstIndex(of: true))
    #expect((200...240).contains(first))
    #expect(alarms[390] && alarms.last == false)
  }

  @Test func whatIsNotAskedYetIsUnknown() {
    var watch = CanaryPrompts(prompts: 2, referenceRounds: 3)
    #expect(watch.shares.before == nil && watch.shares.now == nil && watch.evidence == -.infinity)
    watch.add(0, true)
    #expect(watch.shares.before == 1 && watch.shares.now == nil)
  }
}
