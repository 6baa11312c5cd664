import TextKit

extension EvaluationReport {
  /// A tier's name as reports show it.
  func shownTier(_ tier: Int) -> String { SafeText.name(tierNames[tier]) }

  /// The notes that the figures call for.
  func makeNotes() -> [String] {
    rowNotes + (control.flatMap(\.warning).map { [$0] } ?? []) + advice.sentences
      + (ladder?.sentences(tierNames: tierNames) ?? []) + costNotes + gapNotes + groupNotes
  }

  private var rowNotes: [String] {
    let (weak, strong) = (shownTier(pair.weak), shownTier(pair.strong))
    guard let routing else {
      let left = offPolicy == nil ? "not routing" : "routing can be estimated at best"
      return [
        "No row has the qualities of both '\(weak)' and '\(strong)': only the heads can be measured, \(left). Name tiers "
          + "that rows know together with --pair or --tiers."
      ]
    }
    let (complete, paired) = (NumberFormat.count(routing.rows), NumberFormat.count(routing.pairRows))
    guard routing.rows > 0 else {
      return [
        "No row has the quality of every tier: policies cannot be measured. APGR and CPT use the \(paired) rows that know "
          + "both '\(weak)' and '\(strong)'; --tiers with these two measures routing between them alone."
      ]
    }
    guard routing.rows < rows else { return [] }
    let all = NumberFormat.count(rows)
    return [
      "Policies use the \(complete) of \(all) rows in which every tier's quality is known, APGR and CPT the \(paired) that know "
        + "both '\(weak)' and '\(strong)'; each head uses all rows with an outcome of its tier."
    ]
  }

  private var costNotes: [String] {
    var notes: [String] = []
    if frontier.tierCosts.source == .nominal {
      notes.append(
        "The log does not distinguish the tiers' costs: thresholds are per nominal unit of cost (1, 5, 25 and so on).")
    }
    if let routing, routing.rows > 0, routing.pricedRows < routing.rows {
      notes.append(
        routing.pricedRows == 0
          ? "No complete row has the cost of every tier: costs in USD are unknown."
          : "Mean costs use the \(NumberFormat.count(routing.pricedRows)) rows in which every tier's cost is known.")
    }
    let costs = frontier.tierCosts.values
    for tier in 1..<costs.count where costs[tier] <= costs[tier - 1] {
      notes.append(
        "Tier '\(shownTier(tier))' costs no more than '\(shownTier(tier - 1))', though it is ranked above it.")
    }
    return notes
  }

  private var gapNotes: [String] {
    guard let routing else { return [] }
    var notes = routing.metrics.undefinedBecause.map { ["APGR and CPT are undefined: \($0)."] } ?? []
    if routing.pairRows < GroupReport.fewRows {
      notes.append("Fewer than \(GroupReport.fewRows) rows: every figure is little more than chance.")
    } else if routing.rows > 0, routing.rows < GroupReport.fewRows {
      notes.append(
        "Fewer than \(GroupReport.fewRows) complete rows: the figures of policies are little more than chance.")
    }
    if routing.metrics.apgr != nil, routing.intervals.apgr == nil {
      notes.append(
        "No intervals: in \(routing.intervals.undefinedResamples) of \(routing.intervals.parameters.resamples) resamples the "
          + "stronger tier was not better.")
    }
    return notes
  }

  private var groupNotes: [String] {
    let small = groups.count(where: \.isSmall)
    guard small > 0 else { return [] }
    return ["\(small) of \(groups.count) groups have fewer than \(GroupReport.fewRows) complete rows."]
  }
}
