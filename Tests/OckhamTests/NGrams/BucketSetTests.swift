import Testing

@testable import Ockham

struct BucketSetTests {
  @Test(arguments: [10, 11, 16, 20]) func agreesWithAPlainSet(bucketBits: Int) {
    var set = BucketSet(bucketBits: bucketBits)
    var draws = SplitMix64(seed: UInt64(bucketBits))
    for round in 0..<20 {
      set.removeAll()
      var expected: [UInt32] = []
      for group in 0..<4 {
        var seen: Set<UInt32> = []
        for _ in 0..<(round * (group + 1)) {
          let bucket = UInt32.random(in: 0..<(1 << min(UInt32(bucketBits), UInt32(round / 2 + 1))), using: &draws)
          set.write(atMost: 1) { $0.insert(bucket) }
          if seen.insert(bucket).inserted { expected.append(bucket) }
        }
        #expect(set.endGroup() == expected.count)
      }
      #expect(set.elements == expected)
    }
  }

  @Test func holdsTheFirstAndTheLastBucket() {
    for bucketBits in FeatureOptions.bucketBitsRange {
      var set = BucketSet(bucketBits: bucketBits)
      let last = UInt32(1 << bucketBits) - 1
      for bucket in [last, 0, last, 0] { set.write(atMost: 1) { $0.insert(bucket) } }
      #expect(set.endGroup() == 2)
      set.write(atMost: 1) { $0.insert(last) }
      #expect(set.endGroup() == 3)
      #expect(set.elements == [last, 0, last])
    }
  }
}
