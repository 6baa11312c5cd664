import Testing

@testable import Ockham

/// Sets of tiers against the standard library's sets of integers.
struct TierSetTests {
  private func random(_ draws: inout SplitMix64) -> Set<Int> {
    Set((0..<Int.random(in: 0...8, using: &draws)).map { _ in Int.random(in: 0..<64, using: &draws) })
  }

  @Test func setsAreThoseOfIntegers() {
    var draws = SplitMix64(seed: 9)
    for _ in 0..<500 {
      let (left, right) = (random(&draws), random(&draws))
      let (a, b) = (TierSet(left), TierSet(right))
      #expect(Array(a) == left.sorted() && a.count == left.count && a.isEmpty == left.isEmpty)
      #expect(a.first == left.min() && a.last == left.max())
      #expect(Set(a.union(b)) == left.union(right) && Set(a.intersection(b)) == left.intersection(right))
      #expect(Set(a.subtracting(b)) == left.subtracting(right))
      #expect(Set(a.symmetricDifference(b)) == left.symmetricDifference(right))
      #expect(a.isSubset(of: b) == left.isSubset(of: right) && a.isDisjoint(with: b) == left.isDisjoint(with: right))
      #expect((-1...64).allSatisfy { a.contains($0) == left.contains($0) })
    }
  }

  @Test func tiersAreAddedAndRemoved() {
    var set: TierSet = [2]
    #expect(set.insert(5).inserted && !set.insert(5).inserted && set == [2, 5])
    #expect(set.update(with: 5) == 5 && set.update(with: 0) == nil && set == [0, 2, 5])
    #expect(set.remove(2) == 2 && set.remove(2) == nil && set.remove(99) == nil && set == [0, 5])
  }

  @Test func endsAreReached() {
    #expect(TierSet(below: 0).isEmpty && TierSet(below: 64) == .all && TierSet(below: 2) == [0, 1])
    #expect(TierSet(from: 0) == .all && TierSet(from: 64).isEmpty && Array(TierSet(from: 62)) == [62, 63])
    #expect(TierSet(only: 63).rawValue == 1 << 63 && Array(TierSet.all) == Array(0..<64))
    #expect(TierSet().first == nil && TierSet().last == nil)
  }
}
