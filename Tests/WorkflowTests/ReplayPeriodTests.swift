import Testing
import Workflow

@Suite struct ReplayPeriodTests {
  @Test func daysTimesAndSpansAreRead() {
    #expect(ReplayPeriod("14d") == .before(14 * 86_400) && ReplayPeriod("36h") == .before(36 * 3_600))
    #expect(ReplayPeriod("2w") == .before(14 * 86_400))
    #expect(ReplayPeriod("1970-01-02") == .at(86_400) && ReplayPeriod("1970-01-01T01:00:00Z") == .at(3_600))
    for text in ["", "d", "0d", "-1d", "1.5d", "14", "14m", "14 d", "yesterday", "9999999d"] {
      #expect(ReplayPeriod(text) == nil, "\(text)")
    }
  }

  /// The share is fixed: another program must find the same conversations.
  @Test func conversationsOfTheEvaluationShareStay() {
    let share = EvaluationShare(salt: "0123")
    let kept = (0..<10_000).count { share.contains("c\($0)") }
    #expect((1_850...2_150).contains(kept))
    #expect((0..<40).filter { share.contains("c\($0)") } == Self.known)
    let other = (0..<10_000).count { EvaluationShare(salt: "0124").contains("c\($0)") && share.contains("c\($0)") }
    #expect((300...500).contains(other), "two salts are independent: \(other)")
  }

  private static let known = [5, 12, 15, 24, 26, 35, 36, 37, 39]
}
