import Testing

@testable import Ockham

/// Features of responses that are kept in place of their texts.
struct StoredResponseTests {
  private let model: Model
  private let request = Request(
    segments: [Segment(role: .user, text: "How many of 12, 15 and 9 are odd? A) 1 B) 2 C) 3")])
  private let response = Response(
    text: "Two of them: 15 and 9.\n\nThe answer is B",
    toolCalls: [.init(name: "count", arguments: "{\"of\": [15, 9]}")],
    facts: ResponseFacts(jsonIsValid: false, finishReason: .length, meanLogprob: -0.25))

  init() throws { model = try Model(ModelFixture.responses.file.encoded()) }

  private func stored(bits: Int = 10) -> StoredResponse {
    let extractor = ResponseExtractor(FeatureExtractor(options: FeatureOptions(bucketBits: bits)))
    var (prompt, vector) = (extractor.extractor.makeVector(), extractor.makeVector())
    extractor.extractor.extract(request, into: &prompt)
    return StoredResponse(response, to: prompt, extractor, using: &vector)
  }

  @Test(arguments: [10, 16, 17]) func bytesReadBack(bits: Int) throws {
    let stored = stored(bits: bits)
    #expect(try StoredResponse(bytes: stored.bytes) == stored)
    #expect(stored.fit(FeatureOptions(bucketBits: bits)) && !stored.fit(FeatureOptions(bucketBits: bits + 1)))
  }

  /// Scored from features as from the text, bit for bit; other responses before and behind change nothing.
  @Test func scoresAreThoseOfTheText() throws {
    var (prompt, scratch) = (model.makeScratch(), try #require(model.makeResponseScratch()))
    model.score(request, into: &prompt)
    let again = try StoredResponse(bytes: stored().bytes)
    for other in [Response(text: ""), Response(text: "none of these, 17 is right"), response] {
      #expect(model.score(response, of: 0, after: prompt, into: &scratch))
      let (logits, probabilities) = (scratch.logits, scratch.probabilities)
      #expect(model.score(other, of: 0, after: prompt, into: &scratch))
      #expect(model.score(again, of: 0, after: prompt, into: &scratch))
      #expect(scratch.logits == logits && scratch.probabilities == probabilities)
    }
    #expect(!model.score(again, of: 1, after: prompt, into: &scratch))
  }

  /// Cut or changed bytes are refused or read as something else, and never more than that.
  @Test func hostileBytes() throws {
    let bytes = stored().bytes
    for count in 0..<bytes.count {
      #expect(throws: StoredFeaturesError.self) { try StoredResponse(bytes: Array(bytes.prefix(count))) }
    }
    #expect(throws: StoredFeaturesError.damaged(byteCount: bytes.count + 1)) { try StoredResponse(bytes: bytes + [0]) }
    for place in bytes.indices {
      for value: UInt8 in [0, 0x7F, 0xFF] {
        var changed = bytes
        changed[place] = value
        _ = try? StoredResponse(bytes: changed)
      }
    }
    var older = bytes
    older[4] ^= 1
    #expect(
      throws: StoredFeaturesError.schema(
        expected: StoredResponse.currentSchema, found: StoredResponse.currentSchema ^ 1)
    ) { try StoredResponse(bytes: older) }
  }

  /// Heads look at log-probabilities where those of their training log varied.
  @Test func whetherLogprobsAreRead() throws {
    #expect(model.readsLogprobs(of: 0) && !model.readsLogprobs(of: 1) && !model.readsLogprobs(of: 7))
    var file = ModelFixture.responses.file
    for place in ResponseFeatures.logprobFeatures { file.poke("response.0.dense.inverse_deviation", place, 0) }
    #expect(ResponseFeatures.logprobFeatures.count == 6)
    #expect(try !Model(file.sealed().encoded()).readsLogprobs(of: 0))
    #expect(try !Model(ModelFixture.logistic.file.encoded()).readsLogprobs(of: 0))
  }
}
