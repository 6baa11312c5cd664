// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import COckham
internal import Ockham

/// `ockham_explain` of `ockham.h`.
@c @implementation public func ockham_explain(
  _ scratch: OpaquePointer?, _ lower: Int, _ upper: Int, _ explanation: UnsafeMutablePointer<ockham_explanation>?,
  _ contributions: UnsafeMutablePointer<ockham_contribution>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> ockham_status {
  status { () throws(Refusal) in
    let handle = try unsafe ScratchHandle.from(scratch)
    guard let explanation = unsafe explanation else { throw .nullArgument("explanation") }
    try unsafe checkSize("explanation", explanation.pointee.struct_bytes, of: ockham_explanation.self)
    guard 0 <= lower, lower < upper, upper < handle.router.model.tierNames.count else { throw .tier }
    guard handle.hasScored else { throw .nothingScored }
    let made = handle.router.model.explain(handle.scratch, from: lower, to: upper)
    unsafe explanation.pointee = describe(made, structBytes: explanation.pointee.struct_bytes)
    let written = unsafe write(made.contributions, names: handle.names.features, to: contributions, capacity)
    if let count = unsafe count { unsafe count.pointee = written }
  }
}

/// `ockham_explain_response` of `ockham.h`.
@c @implementation public func ockham_explain_response(
  _ scratch: OpaquePointer?, _ upper: Int, _ explanation: UnsafeMutablePointer<ockham_explanation>?,
  _ contributions: UnsafeMutablePointer<ockham_contribution>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> ockham_status {
  status { () throws(Refusal) in
    let handle = try unsafe ScratchHandle.from(scratch)
    guard let explanation = unsafe explanation else { throw .nullArgument("explanation") }
    try unsafe checkSize("explanation", explanation.pointee.struct_bytes, of: ockham_explanation.self)
    guard let responses = handle.responses, let tier = responses.tier else { throw .nothingScored }
    guard tier < upper, upper < handle.router.model.tierNames.count,
      let made = handle.router.model.explain(responses, to: upper)
    else { throw .tier }
    unsafe explanation.pointee = describe(made, structBytes: explanation.pointee.struct_bytes)
    let written = unsafe write(
      made.contributions, names: handle.names.responseFeatures, to: contributions, capacity)
    if let count = unsafe count { unsafe count.pointee = written }
  }
}

private func describe(_ made: Explanation, structBytes: Int) -> ockham_explanation {
  ockham_explanation(
    struct_bytes: structBytes, logit_difference: made.logitDifference, bias: made.bias, dense: made.dense,
    hidden: made.hidden, system_grams: made.nGrams.system, question_grams: made.nGrams.question,
    history_grams: made.nGrams.history, tool_grams: made.nGrams.tools)
}

/// Writes as many contributions as there is room for; returns their number.
private func write(
  _ made: [Explanation.Contribution], names: CStrings,
  to contributions: UnsafeMutablePointer<ockham_contribution>?, _ capacity: Int
) -> Int {
  guard let contributions = unsafe contributions else { return 0 }
  let count = min(made.count, max(0, capacity))
  for index in 0..<count {
    unsafe contributions[index] = ockham_contribution(name: names[made[index].feature], value: made[index].value)
  }
  return count
}
