import Testing

@testable import Ockham

/// The window against marking each byte of the whole request.
struct TextWindowTests {
  private static func plain(_ totalBytes: Int, _ byte: Int) -> Bool {
    totalBytes <= 32_768 || byte < 16_384 || byte >= totalBytes - 16_384
  }

  private static let edges = [
    0, 1, 7, 8, 9, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 32_776, 40_000, 49_152, 70_001,
  ]

  @Test(arguments: edges) func everySplitReadsTheMarkedBytes(totalBytes: Int) {
    let window = TextWindow(totalBytes: totalBytes)
    #expect(window.omittedBytes == (0..<totalBytes).count { !Self.plain(totalBytes, $0) })
    let cuts = Set(Self.edges + Self.edges.map { totalBytes - $0 }).filter { (0...totalBytes).contains($0) }.sorted()
    for start in cuts {
      for end in cuts where end >= start { check(window, start, end) }
    }
  }

  private func check(_ window: TextWindow, _ start: Int, _ end: Int) {
    let (head, tail) = window.readable(offset: start, count: end - start)
    #expect(head.lowerBound == 0 && head.upperBound <= tail.lowerBound && tail.upperBound == end - start)
    let sample = Set([0, head.upperBound - 1, head.upperBound, tail.lowerBound - 1, tail.lowerBound, end - start - 1])
    for byte in sample where (0..<(end - start)).contains(byte) {
      let isRead = head.contains(byte) || tail.contains(byte)
      #expect(isRead == Self.plain(window.totalBytes, start + byte), "\(start)..<\(end) at \(byte)")
    }
  }

  @Test func costOfALongTextIsBounded() {
    let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: 20))
    var vector = extractor.makeVector()
    extractor.extract(Request(prompt: String(repeating: " ", count: 200_000) + "end."), into: &vector)
    #expect(vector.buckets.count == 1)
    extractor.extract(Request(prompt: "end" + String(repeating: " ", count: 200_000) + "."), into: &vector)
    #expect(vector.dense[DenseFeatures.names.firstIndex(of: "full_stops")!] > 0)
  }
}
