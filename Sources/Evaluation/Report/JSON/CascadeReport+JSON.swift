import TextKit

extension CascadeReport {
  /// By level as in `routing`: "0.95", "1.0".
  var json: JSONNode {
    func byLevel(_ value: (Level) -> JSONNode) -> JSONNode {
      .object(levels.map { ("\($0.quality)", value($0)) })
    }
    return .object(
      [
        ("rows", .integer(rows)), ("chosen", levels.isEmpty ? .null : .string(member.rawValue)),
        ("saved_at", byLevel(\.saved.valueJSON)), ("quality_kept_at", byLevel(\.qualityKept.valueJSON)),
        ("attempts_at", byLevel { .figure($0.attempts) }), ("escalated_at", byLevel { .figure($0.escalated) }),
        ("added_latency_ms_at", byLevel { .figure($0.addedLatencyMilliseconds) }),
        ("router_saved_at", byLevel(\.savedByRouter.valueJSON)),
        ("over_router_at", byLevel(\.savedOverRouter.valueJSON)),
        ("form_saved_at", byLevel { $0.savedByForm?.valueJSON ?? .null }),
        ("random_quality_kept_at", byLevel { .figure($0.qualityKeptByChance) }),
      ] + figures.members + [
        (
          "oracle",
          oracle.map { .object([("saved", .figure($0.saved)), ("quality_kept", .figure($0.qualityKept))]) } ?? .null
        ), ("by", .object(groups.map { ($0.name, $0.json) })), ("folds", .integer(CascadeSample.folds)),
        ("refused", refused.map(JSONNode.string) ?? .null),
      ])
  }
}

extension CascadeReport.Group {
  fileprivate var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("saved", .figure(saved)), ("quality_kept", .figure(qualityKept)),
      ("attempts", .figure(attempts)),
    ])
  }
}

extension CascadeFigures {
  fileprivate var members: [(String, JSONNode)] {
    let figures: [(String, Interval?)] = [
      ("area", area), ("router_area", routerArea), ("cascade_area", cascadeArea), ("form_area", formArea),
      ("area_over_router", areaOverRouter), ("area_over_cascade", areaOverCascade), ("area_over_form", areaOverForm),
      ("apgr", apgr), ("prompt_apgr", promptAPGR), ("apgr_over_prompt", apgrOverPrompt),
    ]
    return figures.map { ($0.0, $0.1?.valueJSON ?? .null) }
  }
}
