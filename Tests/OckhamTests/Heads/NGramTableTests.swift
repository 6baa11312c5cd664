import Testing

@testable import Ockham

struct NGramTableTests {
  private static func makeValues(_ count: Int, _ draws: inout SplitMix64) -> [Int16] {
    (0..<count).map { _ in Int16.random(in: .min ... .max, using: &draws) }
  }

  @Test(arguments: 2...24) func sumsAgreeWithPlainSums(columns: Int) {
    var draws = SplitMix64(seed: UInt64(columns))
    let rows = 32
    let values = Self.makeValues(rows * columns, &draws)
    let table = NGramTable(values: values, columns: columns, scales: [Float](repeating: 1, count: columns))
    #expect(table.stride == (columns + 3) / 4 * 4)
    for count in 0...40 {
      let buckets = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(rows), using: &draws) }
      var totals = [Int64](repeating: 77, count: table.stride)
      table.accumulate(buckets[...], into: &totals)
      let expected = (0..<columns).map { column in
        buckets.reduce(Int64(0)) { $0 + Int64(values[Int($1) * columns + column]) }
      }
      #expect(totals == expected + [Int64](repeating: 0, count: table.stride - columns))
    }
  }

  @Test(arguments: [3, 7]) func sumsBeyond32BitsAreExact(columns: Int) {
    let values = (0..<columns).map { $0 % 2 == 0 ? Int16.max : Int16.min }
    let table = NGramTable(values: values, columns: columns, scales: [Float](repeating: 1, count: columns))
    for count in [65_535, 65_536, 65_537, 98_304, 131_073] {
      var totals = [Int64](repeating: 0, count: table.stride)
      table.accumulate([UInt32](repeating: 0, count: count)[...], into: &totals)
      for column in 0..<columns { #expect(totals[column] == Int64(values[column]) * Int64(count)) }
    }
  }

  @Test func orderDoesNotMatter() {
    var draws = SplitMix64(seed: 1)
    let table = NGramTable(values: Self.makeValues(64 * 5, &draws), columns: 5, scales: [1, 1, 1, 1, 1])
    let buckets = (0..<UInt32(64)).map { $0 }
    var (first, second) = ([Int64](repeating: 0, count: table.stride), [Int64](repeating: 0, count: table.stride))
    table.accumulate(buckets[...], into: &first)
    table.accumulate(buckets.shuffled(using: &draws)[...], into: &second)
    #expect(first == second)
  }

  @Test func namespacesAreDividedByTheirNorm() {
    let table = NGramTable(values: [9, 3, 6, 16, 4, -8], columns: 3, scales: [1, 0.5, 2])
    var sums: [Float] = [0, 1, 1, 0]
    var totals = [Int64](repeating: 0, count: 4)
    table.addNormalised([0, 1], to: &sums, using: &totals)
    #expect(sums == [0, 1 + Float(7) * 0.5 * (1 / Float(5)), 1 + Float(-2) * 2 * (1 / Float(5)), 0])
  }

  @Test func emptyAndWeightlessNamespacesAddNothing() {
    let table = NGramTable(values: [0, 3, 6, -4, 4, -8], columns: 3, scales: [1, 0.5, 2])
    var sums: [Float] = [0, 1, 2, 0]
    var totals = [Int64](repeating: 0, count: 4)
    for buckets: [UInt32] in [[], [0], [1], [0, 1]] { table.addNormalised(buckets[...], to: &sums, using: &totals) }
    #expect(sums == [0, 1, 2, 0])
  }
}
