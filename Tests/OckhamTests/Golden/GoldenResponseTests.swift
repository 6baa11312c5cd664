import Testing

@testable import Ockham

/// Features of responses and scores of response heads against the plain Python implementation, bit for bit.
struct GoldenResponseTests {
  struct Golden: Decodable {
    var pieces: [String]
    var names: [String]
    var fingerprint: String
    var options: [GoldenFeatures.Options]
    var tiers: [Int]
    var cases: [Case]
  }

  struct Case: Decodable {
    var request: GoldenRequest
    var response: GoldenResponse
    /// By options.
    var results: [Result]
    /// By head.
    var scores: [Score]
  }

  struct Result: Decodable {
    var ends: [Int]
    var checksum: String
    /// Pairs of index and bit pattern: of the first options all others are 0, of the others all others are those of the first.
    var dense: [[UInt32]]
  }

  struct Score: Decodable {
    var logits: [UInt32]
    var probabilities: [UInt32]
  }

  private let golden: Golden

  init() throws { golden = try GoldenFiles.decode("responses.json") }

  @Test func namesAndFingerprintAgree() {
    #expect(ResponseFeatures.names == golden.names)
    #expect(ResponseFeatures.fingerprint == golden.fingerprint)
    #expect(Set(ResponseFeatures.names).count == ResponseFeatures.names.count)
    #expect(ResponseFeatures.ownNames.count <= ValueSink.capacity)
    #expect(ResponseFeatures.names[ResponseFeatures.formFeatures.lowerBound] == "empty")
    #expect(ResponseFeatures.names[ResponseFeatures.formFeatures.upperBound] == "echoed_gram_share")
    #expect(golden.cases.count >= 80)
  }

  @Test(arguments: 0..<3) func featuresAgree(option: Int) {
    let requests = FeatureExtractor(options: golden.options[option].value)
    let responses = ResponseExtractor(requests)
    var (request, vector) = (requests.makeVector(), responses.makeVector())
    for (index, entry) in golden.cases.enumerated() {
      requests.extract(entry.request.request(golden.pieces), into: &request)
      responses.extract(entry.response.response(golden.pieces), to: request, into: &vector)
      let result = entry.results[option]
      #expect((0..<4).map { vector.groupEnds[$0] } == result.ends, "case \(index)")
      #expect(String(Self.checksum(vector.buckets)) == result.checksum, "case \(index)")
      var expected = [UInt32](repeating: 0, count: golden.names.count)
      for pair in entry.results[0].dense { expected[Int(pair[0])] = pair[1] }
      if option > 0 { for pair in result.dense { expected[Int(pair[0])] = pair[1] } }
      for (feature, name) in golden.names.enumerated() {
        #expect(vector.dense[feature].bitPattern == expected[feature], "case \(index), \(name)")
      }
    }
  }

  @Test func headsAgree() throws {
    let model = try Model(GoldenFiles.bytes("responses.safetensors"))
    #expect(model.responseTiers == golden.tiers)
    var prompt = model.makeScratch()
    var scratch = try #require(model.makeResponseScratch())
    #expect(scratch.probabilities.isEmpty && scratch.tier == nil)
    for (index, entry) in golden.cases.enumerated() {
      model.score(entry.request.request(golden.pieces), into: &prompt)
      let response = entry.response.response(golden.pieces)
      for (tier, score) in zip(golden.tiers, entry.scores) {
        #expect(model.score(response, of: tier, after: prompt, into: &scratch))
        #expect(scratch.tier == tier)
        #expect(scratch.logits.map(\.bitPattern) == score.logits, "case \(index), tier \(tier)")
        #expect(scratch.probabilities.map(\.bitPattern) == score.probabilities, "case \(index), tier \(tier)")
      }
      for tier in [-1, 2, 3, .max] { #expect(!model.score(response, of: tier, after: prompt, into: &scratch)) }
      #expect(scratch.tier == golden.tiers.last)
    }
  }

  /// What a caller lends reads as what a response owns.
  @Test func borrowedTextsAgree() throws {
    let model = try Model(GoldenFiles.bytes("responses.safetensors"))
    var prompt = model.makeScratch()
    var (owned, borrowed) = (try #require(model.makeResponseScratch()), try #require(model.makeResponseScratch()))
    for entry in golden.cases {
      model.score(entry.request.request(golden.pieces), into: &prompt)
      let response = entry.response.response(golden.pieces)
      model.score(response, of: 0, after: prompt, into: &owned)
      lend(response) { #expect(model.score(content: $0, of: 0, after: prompt, into: &borrowed)) }
      #expect(owned.logits == borrowed.logits)
      #expect(owned.features.buckets == borrowed.features.buckets)
    }
  }

  /// Texts lie in one array, which outlives the call.
  private func lend(_ response: Response, _ body: (BorrowedResponse) -> Void) {
    let texts = [response.text] + response.toolCalls.flatMap { [$0.name, $0.arguments] }
    let bytes = texts.flatMap { Array($0.utf8) }
    var start = 0
    let ranges = texts.map { text in
      defer { start += text.utf8.count }
      return start..<start + text.utf8.count
    }
    unsafe bytes.withUnsafeBufferPointer { buffer in
      func part(_ index: Int) -> UnsafeBufferPointer<UInt8> { unsafe .init(rebasing: buffer[ranges[index]]) }
      var lent = unsafe BorrowedResponse(text: part(0))
      unsafe lent.append(callName: part(0), arguments: part(0))
      unsafe lent.reset(text: part(0))
      lent.facts = response.facts
      for call in response.toolCalls.indices {
        unsafe lent.append(callName: part(1 + 2 * call), arguments: part(2 + 2 * call))
      }
      body(lent)
    }
  }

  private static func checksum(_ buckets: [UInt32]) -> UInt64 {
    buckets.enumerated().reduce(0) { $0 &+ UInt64($1.offset + 1) &* UInt64($1.element) }
  }
}
