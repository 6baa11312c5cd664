import Testing

@testable import Ockham

struct BucketMarksTests {
  @Test(arguments: [6, 10, 16]) func agreesWithAPlainSet(bucketBits: Int) {
    var marks = BucketMarks(bucketBits: bucketBits)
    var draws = SplitMix64(seed: UInt64(bucketBits))
    func buckets(_ count: Int) -> [UInt32] {
      (0..<count).map { _ in UInt32.random(in: 0..<1 << UInt32(bucketBits), using: &draws) }
    }
    for count in [0, 1, 7, 100, 3_000] {
      let (marked, others) = (buckets(count), buckets(500))
      var earlier = BucketMarks(bucketBits: bucketBits)
      let few = Array(others.prefix(50))
      #expect(earlier.insert(few.span, counting: marks) == 0)
      #expect(marks.insert(marked.span, counting: earlier) == marked.count { Set(few).contains($0) })
      let expected = Set(marked)
      #expect(marks.count(in: others.span) == others.count { expected.contains($0) })
      #expect(others.allSatisfy { marks.contains($0) == expected.contains($0) })
      #expect(marks.count(in: marked.span) == count)
      marks.clear(marked.span)
      #expect(marks.count(in: marked.span) == 0 && marks.count(in: others.span) == 0)
    }
  }

  /// Buckets of an extractor with other options are no reason to read elsewhere.
  @Test func bucketsBeyondTheLastWrapAround() {
    var marks = BucketMarks(bucketBits: 10)
    let beyond: [UInt32] = [1 << 10, .max]
    #expect(marks.insert(beyond.span, counting: marks) == 0)
    #expect(marks.contains(0) && marks.contains(1_023) && !marks.contains(1))
    marks.clear(beyond.span)
    #expect(!marks.contains(0) && !marks.contains(1_023))
  }
}
