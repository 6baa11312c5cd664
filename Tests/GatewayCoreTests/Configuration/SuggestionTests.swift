import Testing

@testable import GatewayCore

/// What a misspelt word was meant to be.
struct SuggestionTests {
  /// The distance as it is defined, by trying every way.
  private static func distance(_ left: Substring, _ right: Substring) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var best = min(
      distance(left.dropFirst(), right) + 1, distance(left, right.dropFirst()) + 1,
      distance(left.dropFirst(), right.dropFirst()) + (left.first == right.first ? 0 : 1))
    let (a, b) = (Array(left.prefix(2)), Array(right.prefix(2)))
    if a.count == 2, b.count == 2, a[0] == b[1], a[1] == b[0] {
      best = min(best, distance(left.dropFirst(2), right.dropFirst(2)) + 1)
    }
    return best
  }

  private static let words: [String] = {
    var (all, longest) = ([""], [""])
    for length in 1...4 {
      longest = longest.flatMap { word in (length < 4 ? ["a", "b", "c"] : ["a", "b"]).map { word + $0 } }
      if length == 4 { longest = longest.filter { !$0.contains("c") } }
      all += longest
    }
    return all
  }()

  @Test func distancesAreTheLeastOverEveryWay() {
    #expect(Self.words.count == 56)
    for left in Self.words {
      for right in Self.words {
        #expect(Suggestion.distance(left, right) == Self.distance(left[...], right[...]), "\(left) \(right)")
      }
    }
  }

  private static let keys = [
    "listen", "model", "providers", "tiers", "targets", "policies", "rules", "sessions", "retries", "breaker", "limits",
    "connections", "telemetry", "experiments", "passthrough", "observe",
  ]

  /// A slip of one letter is understood, wherever it is, and so is what is right.
  @Test(arguments: keys) func oneSlipIsUnderstood(key: String) {
    var slips = [key, key.uppercased()]
    for place in key.indices {
      var (lost, doubled, other) = (key, key, key)
      lost.remove(at: place)
      doubled.insert(key[place], at: place)
      other.replaceSubrange(place...place, with: "q")
      slips += [lost, doubled, other]
      let next = key.index(after: place)
      if next < key.endIndex {
        let (front, back) = (String(key[..<place]), String(key[key.index(after: next)...]))
        slips.append(front + String([key[next], key[place]]) + back)
      }
    }
    for slip in slips { #expect(Suggestion.nearest(to: slip, among: Self.keys) == key, "\(slip)") }
  }

  @Test func farWordsAreNone() {
    #expect(Suggestion.nearest(to: "xyzzy", among: Self.keys) == nil)
    #expect(
      Suggestion.nearest(to: "", among: Self.keys) == nil && Suggestion.nearest(to: "a", among: [String]()) == nil)
    // Only the end is missing: of one word that is a suggestion, of two it is a riddle.
    #expect(Suggestion.nearest(to: "tele", among: Self.keys) == "telemetry")
    #expect(Suggestion.nearest(to: "t", among: ["tiers", "targets"]) == nil)
    #expect(Suggestion.nearest(to: "max_", among: ["max_seconds", "max_dollars"]) == nil)
  }

  /// Between equals the one that comes first in the alphabet, whatever their order: two runs say the same.
  @Test func equalsAreToldInOneOrder() {
    for words in [["bat", "cat", "hat"], ["hat", "cat", "bat"]] {
      #expect(Suggestion.nearest(to: "rat", among: words) == "bat")
    }
  }

  @Test func theRemedySaysWhatMayStandThere() {
    #expect(Suggestion.remedy(for: "modle", among: Self.keys) == "did you mean model?")
    #expect(Suggestion.remedy(for: "xyzzy", among: ["b", "a"]) == "use one of: a, b")
    #expect(Suggestion.remedy(for: "x", among: [String]()) == "remove it")
    let many = (10..<60).map { "name\($0)" }
    let remedy = Suggestion.remedy(for: "?", among: many)
    #expect(remedy.hasPrefix("use one of: name10, name11") && remedy.hasSuffix("name33, …"))
  }

  /// A key of a megabyte is compared by its beginning.
  @Test func longWordsTakeNoLongTime() {
    let long = String(repeating: "a", count: 1 << 20)
    #expect(Suggestion.distance(long, long + "b") == 0)
    #expect(Suggestion.nearest(to: long, among: Self.keys) == nil)
  }
}
