import Testing

@testable import TextKit

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("trian", "train"), ("evalute", "evaluate"), ("EVALUATE", "evaluate"), ("eval", "evaluate"), ("rout", "route"),
    ("comparr", "compare"), ("t", nil), ("serve", nil), ("xyzzy", nil), ("", nil),
  ]) func theNearestNameIsFound(typed: String, meant: String?) {
    #expect(NearestName.to(typed, among: ["train", "evaluate", "calibrate", "route", "compare"]) == meant)
  }

  @Test func distancesCountEdits() {
    func distance(_ first: String, _ second: String) -> Int { NearestName.distance(Array(first), Array(second)) }
    #expect(distance("", "abc") == 3)
    #expect(distance("abc", "") == 3)
    #expect(distance("abc", "abc") == 0)
    #expect(distance("kitten", "sitting") == 3)
    #expect(distance("trian", "train") == 1)
    #expect(distance("ca", "abc") == 3)
  }
}
