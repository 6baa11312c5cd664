import Testing

@testable import Ockham

struct ResponseFactsTests {
  @Test func logprobsAreSummedUp() {
    var facts = ResponseFacts()
    facts.setLogprobs([-1, -3, 0, -4])
    #expect(facts.meanLogprob == -2 && facts.minimumLogprob == -4)
    #expect(facts.logprobSpread == Float(Double(10 / 4.0).squareRoot()))
  }

  @Test func logprobsStayInTheirRange() {
    var facts = ResponseFacts()
    facts.setLogprobs([-9_999, -.infinity, 5])
    #expect(facts.minimumLogprob == -100)
    #expect(facts.meanLogprob == Float(-200 / 3.0))
  }

  /// Unknown is unknown, not 0.
  @Test(arguments: [[], [.nan], [-1, .nan]]) func withoutNumbersNothingIsKnown(logprobs: [Double]) {
    var facts = ResponseFacts(meanLogprob: -1, minimumLogprob: -2, logprobSpread: 3)
    facts.setLogprobs(logprobs)
    #expect(facts == ResponseFacts())
  }

  /// What a caller hands in may be anything.
  @Test func numbersOutOfRangeLeaveFiniteFeatures() {
    let extractor = ResponseExtractor(FeatureExtractor())
    var (request, vector) = (extractor.extractor.makeVector(), extractor.makeVector())
    extractor.extractor.extract(Request(prompt: "What?"), into: &request)
    for value in [Float.nan, .infinity, -.infinity, 1e30, -1e30] {
      let facts = ResponseFacts(meanLogprob: value, minimumLogprob: value, logprobSpread: value)
      extractor.extract(Response(text: "This.", facts: facts), to: request, into: &vector)
      #expect(vector.dense.allSatisfy { $0.isFinite && abs($0) <= 100 })
    }
  }
}
