import Testing

@testable import TextKit

/// Distances of names against their definition, over all short words.
@Suite struct NearestNameSweepTests {
  /// The definition read word by word, without a table: what is cheapest of all that can be done at the ends.
  private func slow(_ first: Substring, _ second: Substring) -> Int {
    guard let a = first.last, let b = second.last else { return max(first.count, second.count) }
    let (left, right) = (first.dropLast(), second.dropLast())
    var least = min(slow(left, second) + 1, slow(first, right) + 1, slow(left, right) + (a == b ? 0 : 1))
    if a != b, left.last == b, right.last == a { least = min(least, slow(left.dropLast(), right.dropLast()) + 1) }
    return least
  }

  private static let words: [String] = {
    var words = [""]
    for _ in 0..<3 { words += words.flatMap { word in ["a", "b", "c"].map { word + $0 } } }
    return Array(Set(words)).sorted() + ["abcd", "badc", "acbd", "dcba", "cabd"]
  }()

  @Test func distancesAgreeWithTheirDefinition() {
    for first in Self.words {
      for second in Self.words {
        let distance = NearestName.distance(Array(first), Array(second))
        #expect(distance == slow(first[...], second[...]), "\(first) \(second)")
        #expect(distance == NearestName.distance(Array(second), Array(first)))
      }
    }
  }

  /// Of names that are all near enough the nearest is taken, and the first of those: whatever stands behind them.
  @Test func theFirstOfTheNearestIsTaken() {
    let names = ["report", "resort", "repot", "effort"]
    #expect(NearestName.to("reporx", among: names) == "report")
    #expect(NearestName.to("reort", among: ["resort", "report"]) == "resort")
    #expect(NearestName.to("reort", among: ["report", "resort"]) == "report")
    #expect(NearestName.to("repo", among: ["repot", "report"]) == "repot")
    #expect(NearestName.to("anything", among: [String]()) == nil)
  }

  @Test func aThirdOfTheLettersMayBeWrong() {
    let name = String(repeating: "x", count: 12)
    for wrong in 0...12 {
      let typed = String(repeating: "y", count: wrong) + String(repeating: "x", count: 12 - wrong)
      #expect(NearestName.to(typed, among: [name]) == (wrong <= 4 ? name : nil), "\(wrong)")
    }
    // Two letters begin too many names to be taken for one.
    #expect(
      NearestName.to("ev", among: ["evaluate"]) == nil && NearestName.to("eva", among: ["evaluate"]) == "evaluate")
  }

  /// What somebody pastes in place of a name costs nothing.
  @Test func longTextsAreNoNames() {
    let long = String(repeating: "n", count: 64)
    #expect(NearestName.to(long, among: [long + "n"]) == long + "n")
    #expect(NearestName.to(long + "n", among: [long + "n"]) == nil)
  }
}
