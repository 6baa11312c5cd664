import Ockham

/// Scores of responses by the golden model: any texts, tool calls and facts, to any request.
///
/// Buckets are compared with ``PlainGrams``; a score must not depend on what the scratch has seen.
@c(LLVMFuzzerTestOneInput)
public func fuzzResponse(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes, count)
  nonisolated(unsafe) let bench = bench
  var question = FuzzInput(input.bytes(2 * Int(input.byte())))
  bench.model.score(question.request(), into: &bench.prompt)
  let response = input.response()
  for tier in bench.model.responseTiers {
    checkResponse(bench.model, response, of: tier, after: bench.prompt, &bench.scratch)
    checkGrams(bench.scratch.features, bench.model.extractor.options, response)
    if count % 4 == 0 { checkFresh(bench, response, tier) }
  }
  return 0
}

/// A model and scratches that every input is scored through.
private final class Bench {
  let model: Model
  var prompt: Scratch
  var scratch: ResponseScratch

  init() {
    guard let model = try? Model(goldenBytes("responses.safetensors")), let scratch = model.makeResponseScratch() else {
      fatalError("the golden model of responses does not load")
    }
    (self.model, prompt, self.scratch) = (model, model.makeScratch(), scratch)
  }
}

nonisolated(unsafe) private let bench = Bench()

/// The text is read as a question is, arguments as a history, tools' names as tools.
private func checkGrams(_ vector: ResponseVector, _ options: FeatureOptions, _ response: Response) {
  let request = Request(
    segments: [Segment(role: .user, text: response.text)]
      + response.toolCalls.map { Segment(role: .assistant, text: $0.arguments) },
    attributes: RequestAttributes(toolNames: response.toolCalls.map { $0.name }))
  var start = 0
  for (group, expected) in PlainGrams(options: options).buckets(of: request).enumerated() {
    let end = vector.groupEnds[group]
    expect(Array(vector.buckets[start..<end]) == expected, "the buckets of namespace \(group)")
    start = end
  }
  expect(start == vector.buckets.count, "buckets behind the last namespace")
}

/// The same in a new scratch, bit for bit.
private func checkFresh(_ bench: Bench, _ response: Response, _ tier: Int) {
  guard var scratch = bench.model.makeResponseScratch() else { return }
  checkResponse(bench.model, response, of: tier, after: bench.prompt, &scratch)
  expect(responseBits(scratch) == responseBits(bench.scratch), "a new scratch scores otherwise")
}
