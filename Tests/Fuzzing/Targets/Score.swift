import Ockham

/// Extraction and scoring with the golden models: any texts, roles, attributes and policy.
///
/// Buckets are compared with ``PlainGrams``; a score must not depend on what the scratch has seen, nor on the bytes that
/// the window leaves out.
@c(LLVMFuzzerTestOneInput)
public func fuzzScore(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes, count)
  let flags = input.byte()
  nonisolated(unsafe) let bench = benches[Int(flags & 1)]
  guard let router = try? Router(model: bench.model, policy: input.policy(for: bench.model)) else {
    fatalError("a policy of the model's own size is refused")
  }
  let request = input.request()
  let decision = checkScore(router, request, &bench.scratch)
  checkGrams(bench.scratch.features, bench.model.extractor.options, request)
  if flags & 0x0E == 0 { checkFresh(router, request, decision, bench.scratch) }
  if flags & 0x06 == 2 { checkOptions(flags, request) }
  if flags & 0xF0 == 0xF0, count % 8 == 0 { checkWindow(router, request, &bench.scratch) }
  return 0
}

/// A model and a scratch that every input is scored through.
private final class Bench {
  let model: Model
  var scratch: Scratch

  init(_ name: String) {
    guard let model = try? Model(goldenBytes(name)) else { fatalError("\(name) does not load") }
    (self.model, scratch) = (model, model.makeScratch())
  }
}

nonisolated(unsafe) private let benches = [
  Bench("logistic.safetensors"), Bench("joint.safetensors"), Bench("mlp.safetensors"),
]

private func checkGrams(_ vector: FeatureVector, _ options: FeatureOptions, _ request: Request) {
  var start = 0
  for (group, expected) in PlainGrams(options: options).buckets(of: request).enumerated() {
    let end = vector.groupEnds[group]
    expect(Array(vector.buckets[start..<end]) == expected, "the buckets of namespace \(group)")
    start = end
  }
  expect(start == vector.buckets.count, "buckets behind the last namespace")
}

/// The same in a new scratch, bit for bit.
private func checkFresh(_ router: Router, _ request: Request, _ decision: Decision, _ used: Scratch) {
  var scratch = router.model.makeScratch()
  expect(router.route(request, using: &scratch) == decision, "a new scratch decides otherwise")
  expect(bits(scratch) == bits(used), "a new scratch scores otherwise")
}

private func bits(_ scratch: Scratch) -> [UInt32] {
  (scratch.logits + scratch.probabilities + scratch.taskProbabilities + scratch.features.dense).map(\.bitPattern)
}

/// Other choices of features than those of the golden models.
private func checkOptions(_ flags: UInt8, _ request: Request) {
  let options = FeatureOptions(
    bucketBits: 10 + Int(flags >> 5), wordPairs: flags & 8 == 0, characterGrams: flags & 16 != 0)
  let extractor = FeatureExtractor(options: options)
  var vector = extractor.makeVector()
  extractor.extract(request, into: &vector)
  checkGrams(vector, options, request)
}

/// A long middle is left out: what it says must not change the score.
private func checkWindow(_ router: Router, _ request: Request, _ scratch: inout Scratch) {
  guard let last = request.segments.indices.last else { return }
  let text = request.segments[last].text
  let edge = String(repeating: " ", count: 16_384)
  var results: [[UInt32]] = []
  for middle in ["a", "7"] {
    var long = request
    long.segments[last].text = text + edge + String(repeating: middle, count: 3_000) + edge + text
    _ = checkScore(router, long, &scratch)
    checkGrams(scratch.features, router.model.extractor.options, long)
    results.append(bits(scratch))
  }
  expect(results[0] == results[1], "bytes outside of the window change the score")
}
