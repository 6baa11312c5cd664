import Testing

@testable import Ockham

/// The extractor against the plain Python implementation, bit for bit.
struct GoldenFeatureTests {
  private let golden: GoldenFeatures

  init() throws { golden = try GoldenFiles.decode("features.json") }

  @Test func namesAndFingerprintAgree() {
    #expect(DenseFeatures.names == golden.names)
    #expect(FeatureSchema.fingerprint == golden.fingerprint)
    #expect(Set(DenseFeatures.names).count == DenseFeatures.names.count)
    #expect(golden.cases.count >= 60)
  }

  @Test(arguments: 0..<3) func bucketsAgree(option: Int) {
    let extractor = FeatureExtractor(options: golden.options[option].value)
    var vector = extractor.makeVector()
    for (index, entry) in golden.cases.enumerated() {
      let expected = entry.results[option]
      extractor.extract(entry.request.request(golden.pieces), into: &vector)
      #expect((0..<4).map { vector.groupEnds[$0] } == expected.ends, "case \(index)")
      #expect(String(Self.checksum(vector.buckets)) == expected.checksum, "case \(index)")
      if let buckets = expected.buckets { #expect(vector.buckets == buckets, "case \(index)") }
    }
  }

  @Test(arguments: 0..<3) func denseFeaturesAgree(option: Int) throws {
    let extractor = FeatureExtractor(options: golden.options[option].value)
    let distinctGramShare = try #require(golden.names.firstIndex(of: "distinct_gram_share"))
    var vector = extractor.makeVector()
    for (index, entry) in golden.cases.enumerated() {
      extractor.extract(entry.request.request(golden.pieces), into: &vector)
      var expected = [UInt32](repeating: 0, count: golden.names.count)
      for pair in entry.dense { expected[Int(pair[0])] = pair[1] }
      expected[distinctGramShare] = entry.results[option].distinctGramShare
      for (feature, name) in golden.names.enumerated() {
        #expect(vector.dense[feature].bitPattern == expected[feature], "case \(index), \(name)")
      }
    }
  }

  private static func checksum(_ buckets: [UInt32]) -> UInt64 {
    buckets.enumerated().reduce(0) { $0 &+ UInt64($1.offset + 1) &* UInt64($1.element) }
  }
}
