import Ockham

/// The n-grams of a request as the article FeatureSpecification specifies them: a byte at a time, with nothing reused.
struct PlainGrams {
  let options: FeatureOptions

  /// The buckets of each namespace in the order of first occurrence: system, question, history, tools.
  func buckets(of request: Request) -> [[UInt32]] {
    let question = request.segments.lastIndex { $0.role == .user }
    let total = request.segments.reduce(0) { $0 + $1.text.utf8.count }
    var groups = [[UInt32]](repeating: [], count: 4)
    var offset = 0
    for (index, segment) in request.segments.enumerated() {
      let group = index == question ? 1 : segment.role == .system ? 0 : 2
      let bytes = Array(segment.text.utf8)
      for part in Self.readableParts(offset, bytes.count, total) { add(bytes[part], to: &groups[group], group) }
      offset += bytes.count
    }
    var budget = 4_096
    for name in request.attributes.toolNames {
      let bytes = Array(name.utf8).prefix(budget)
      add(bytes, to: &groups[3], 3)
      budget -= bytes.count
    }
    return groups.map(Self.unique)
  }

  /// The head and the tail of what a segment shows of the first and the last 16 KiB.
  private static func readableParts(_ offset: Int, _ count: Int, _ total: Int) -> [Range<Int>] {
    if total <= 32_768 { return [0..<count] }
    let head = min(count, max(0, 16_384 - offset))
    let tail = min(count, max(0, total - 16_384 - offset))
    return [0..<head, max(head, tail)..<count]
  }

  private static func unique(_ buckets: [UInt32]) -> [UInt32] {
    var seen: Set<UInt32> = []
    return buckets.filter { seen.insert($0).inserted }
  }

  private static let multipliers: [UInt64] = [
    0x9FB2_1C65_1E98_DF25, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x8591_5936_7F4B_1C5D,
  ]

  private func add(_ text: ArraySlice<UInt8>, to buckets: inout [UInt32], _ group: Int) {
    func write(_ hash: UInt64) {
      buckets.append(UInt32((hash &* Self.multipliers[group]) >> UInt64(64 - options.bucketBits)))
    }
    var previous: UInt64?
    for word in PlainText.words(of: text) {
      let hash = PlainText.hash(word)
      write(hash)
      if options.wordPairs, let previous { write(PlainText.pair(previous, hash)) }
      previous = hash
      guard options.characterGrams, word.count > 3 else { continue }
      for start in word.indices.dropLast(2) {
        for end in start + 3...start + 5 where end <= word.endIndex { write(PlainText.runHash(word[start..<end])) }
      }
    }
  }
}
