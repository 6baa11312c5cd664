import COckham
import Ockham

/// The C interface: any sequence of calls keeps to its header, whatever is in the structs, as long as pointers lead to as
/// much memory as the counts beside them say.
@c(LLVMFuzzerTestOneInput)
public func fuzzOckhamC(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes, count)
  let flags = input.byte()
  if flags & 0xE0 == 0xE0 { checkLoad(&input) }
  let base = routers[Int(flags & 1)]
  var router: OpaquePointer? = base
  if flags & 2 != 0 { router = withPolicy(base, &input) }
  var scratch: OpaquePointer?
  let status = ockham_scratch_create(router, &scratch)
  expect((status == OCKHAM_OK) == (scratch != nil) && (scratch != nil) == (router != nil), "a scratch and its status")
  if router != base { ockham_router_free(router) }
  while !input.isEmpty { call(scratch, router == base ? models[Int(flags & 1)] : nil, &input) }
  ockham_scratch_free(scratch)
  return 0
}

private let files = ["logistic.safetensors", "mlp.safetensors"].map(goldenBytes)

private let models = files.map { bytes in
  guard let model = try? Model(bytes) else { fatalError("a golden model does not load") }
  return model
}

nonisolated(unsafe) private let routers = files.map { file in
  var router: OpaquePointer?
  expect(ockham_router_load(file, file.count, &router, nil, 0) == OCKHAM_OK, "a golden model does not load")
  return router
}

/// Loads what is left of the input, and looks at the message that explains why not.
private func checkLoad(_ input: inout FuzzInput) {
  let detail = Exact([CChar](repeating: 1, count: Int(input.byte())))
  let file = Exact(Array(input.rest))
  var router: OpaquePointer?
  let status = ockham_router_load(file.pointer, file.count, &router, detail.pointer, detail.count)
  expect((status == OCKHAM_OK) == (router != nil), "a router and its status")
  checkText(detail)
  ockham_router_free(router)
  detail.free()
  file.free()
}

private func checkText(_ detail: Exact<CChar>) {
  guard let start = detail.pointer else { return }
  let bytes = UnsafeRawBufferPointer(start: start, count: detail.count)
  guard let end = bytes.firstIndex(of: 0) else { fatalError("a message without NUL") }
  expect(String(validating: bytes[..<end], as: UTF8.self) != nil, "a message that is not UTF-8")
}

private func withPolicy(_ base: OpaquePointer?, _ input: inout FuzzInput) -> OpaquePointer? {
  let policy = CPolicy(&input)
  let detail = Exact([CChar](repeating: 1, count: Int(input.byte())))
  var value = policy.value
  var router: OpaquePointer?
  let status = ockham_router_with_policy(base, &value, &router, detail.pointer, detail.count)
  expect((status == OCKHAM_OK) == (router != nil), "a policy and its status")
  checkText(detail)
  policy.free()
  detail.free()
  return router
}

private func call(_ scratch: OpaquePointer?, _ model: Model?, _ input: inout FuzzInput) {
  let flags = input.byte()
  let request = CRequest(&input)
  let tiers = Exact([ockham_tier_score](repeating: ockham_tier_score(), count: Int(flags & 7)), isNull: flags & 8 != 0)
  var value = request.value
  if flags & 0x40 == 0 {
    var decision = ockham_decision()
    decision.struct_bytes = flags & 0x10 == 0 ? MemoryLayout<ockham_decision>.size : Int(input.byte())
    let status = ockham_route(scratch, &value, &decision, tiers.pointer, tiers.count)
    expect(ockham_status_message(status) != nil, "a status without message")
    if status == OCKHAM_OK { check(decision, tiers, request, model) }
  } else {
    var result = ockham_score_result()
    result.struct_bytes = flags & 0x10 == 0 ? MemoryLayout<ockham_score_result>.size : Int(input.byte())
    let status = ockham_score(scratch, &value, &result, tiers.pointer, tiers.count)
    if status == OCKHAM_OK { expect((0...1).contains(result.difficulty), "difficulty \(result.difficulty)") }
  }
  if flags & 0x20 != 0 { explain(scratch, &input) }
  tiers.free()
  request.free()
}

/// The decision of C is that of Swift.
private func check(
  _ decision: ockham_decision, _ tiers: Exact<ockham_tier_score>, _ request: CRequest, _ model: Model?
) {
  expect(decision.tier_name != nil && decision.reason_name != nil, "a decision without names")
  expect((-1...1).contains(decision.gain) && (0...1).contains(decision.difficulty), "gain or difficulty")
  guard let model, let plain = request.plain else { return }
  var scratch = model.makeScratch()
  let expected = Router(model: model).route(plain, using: &scratch)
  expect(Int(decision.tier) == expected.tier && decision.gain == expected.gain, "another decision than in Swift")
  for (index, logit) in scratch.logits.enumerated() {
    if let tier = tiers.pointer?[index] { expect(tier.logit.bitPattern == logit.bitPattern, "logit \(index)") }
  }
}

private func explain(_ scratch: OpaquePointer?, _ input: inout FuzzInput) {
  let rows = Exact([ockham_contribution](repeating: ockham_contribution(), count: Int(input.byte())))
  var explanation = ockham_explanation()
  explanation.struct_bytes = MemoryLayout<ockham_explanation>.size
  var count = 0
  let (lower, upper) = (Int(Int8(bitPattern: input.byte())), Int(Int8(bitPattern: input.byte())))
  let status = ockham_explain(scratch, lower, upper, &explanation, rows.pointer, rows.count, &count)
  if status == OCKHAM_OK { expect(count <= rows.count && explanation.logit_difference.isFinite, "an explanation") }
  rows.free()
}
