import Ockham

/// What every score of every loaded model keeps to, also of a model that wants to do harm.
func checkScore(_ router: Router, _ request: Request, _ scratch: inout Scratch) -> Decision {
  let decision = router.route(request, using: &scratch)
  expect(router.model.tierNames.indices.contains(decision.tier), "no such tier")
  for probability in scratch.probabilities + scratch.taskProbabilities {
    expect(probability >= 0 && probability <= 1, "probability \(probability)")
  }
  expect((0...1).contains(scratch.difficulty), "difficulty \(scratch.difficulty)")
  expect((-1...1).contains(decision.gain), "gain \(decision.gain)")
  expect(decision.threshold.isFinite && scratch.logits.allSatisfy { $0.isFinite }, "threshold or logit")
  expect(scratch.expectedCostUSD.allSatisfy { $0 >= 0 && $0.isFinite }, "expected cost")
  expect(scratch.thresholdScales.allSatisfy { ThresholdScaling.range.contains($0) }, "step scale")
  expect(scratch.features.dense.allSatisfy { $0.isFinite }, "dense feature")
  expect(scratch.taskProbabilities.isEmpty == (decision.task == nil), "task")
  return decision
}

/// Scores a small conversation with a model that was just loaded, twice.
func checkModel(_ model: Model) {
  var scratch = model.makeScratch()
  let router = Router(model: model)
  let request = Request(
    segments: [
      Segment(role: .system, text: "Answer in JSON."), Segment(role: .assistant, text: "a"),
      Segment(role: .user, text: "What is 2 + 2, naïve 日本 reader?\nA. three\nB. four"),
    ], attributes: RequestAttributes(toolNames: ["search"], toolSchemaBytes: 80))
  let first = checkScore(router, request, &scratch)
  let logits = scratch.logits.map(\.bitPattern)
  expect(checkScore(router, request, &scratch) == first, "the second decision differs")
  expect(scratch.logits.map(\.bitPattern) == logits, "the second logits differ")
  checkResponses(model, after: scratch)
  _ = checkScore(router, Request(segments: []), &scratch)
}

/// Scores a response of each tier that has a head, twice.
private func checkResponses(_ model: Model, after prompt: Scratch) {
  guard var scratch = model.makeResponseScratch() else { return }
  let call = Response.ToolCall(name: "search", arguments: #"{"query": 4}"#)
  let response = Response(
    text: "Perhaps 2 + 2 is 4, naïve 日本 reader.\nThe answer is (B).", toolCalls: [call],
    facts: ResponseFacts(toolCallsAreValid: false, finishReason: .length, meanLogprob: -.infinity))
  for tier in model.responseTiers {
    checkResponse(model, response, of: tier, after: prompt, &scratch)
    let first = responseBits(scratch)
    checkResponse(model, response, of: tier, after: prompt, &scratch)
    expect(responseBits(scratch) == first, "the second score of the response differs")
  }
}

/// What every score of every response keeps to.
func checkResponse(
  _ model: Model, _ response: Response, of tier: Int, after prompt: Scratch, _ scratch: inout ResponseScratch
) {
  expect(model.score(response, of: tier, after: prompt, into: &scratch), "no score of tier \(tier)")
  expect(scratch.tier == tier && scratch.probabilities.count == model.tierNames.count - tier, "the scored tier")
  for probability in scratch.probabilities {
    expect(probability >= 0 && probability <= 1, "probability \(probability)")
  }
  expect(scratch.logits.allSatisfy { $0.isFinite }, "logit")
  expect(scratch.features.dense.allSatisfy { $0.isFinite }, "dense feature")
}

/// All that a score of a response consists of.
func responseBits(_ scratch: ResponseScratch) -> [UInt32] {
  (scratch.logits + scratch.probabilities + scratch.features.dense).map { $0.bitPattern }
}
