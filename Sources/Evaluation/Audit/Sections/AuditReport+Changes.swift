import TextKit

extension AuditReport {
  var thresholdSection: AuditSection {
    var section = AuditSection("thresholds", "Thresholds: what others would have done")
    guard thresholds.reason == nil else {
      section.sentences = total.requests > 0 ? ["Not known: \(thresholds.reason ?? "")."] : []
      return section
    }
    section.sentences = [
      thresholds.advice,
      "Counted on \(NumberFormat.count(thresholds.sampled)) of \(NumberFormat.count(thresholds.weighed)) weighed requests; dollars are prices "
        + "times tokens, for all of them in \(span).",
    ]
    var table = AuditTable(
      "thresholds", "Every threshold times a factor",
      columns: [
        ("factor", "factor", .word), ("cost_usd", "dollars more", .figure),
        ("quality", "quality won, as rated", .figure),
        ("foretold", "as the model predicts", .figure),
      ] + traffic.tierNames.map { ("share_\($0)", "to \($0)", .figure) })
    for (index, choice) in thresholds.choices.enumerated() {
      table.append(
        [
          .text(NumberFormat.short(choice.factor)), .usd(choice.costUSD), .figure(choice.rated, .points),
          .figure(AuditFigure(value: choice.predicted, isModelled: true), .points),
        ] + choice.shares.map { .share($0) })
      if choice.isRecommended { table.emphasised.insert(index) }
    }
    section.tables = [table]
    return section
  }

  var changeSection: AuditSection {
    var section = AuditSection("changes", "What changed since the period before")
    guard before != nil else {
      section.sentences = ["Not known: the log does not reach back to \(span) before."]
      return section
    }
    var table = AuditTable(
      "changes", "Now and \(span) before", shownRows: 40,
      columns: [
        ("figure", "figure", .word), ("before", "before", .figure), ("now", "now", .figure),
        ("change", "change", .figure),
      ])
    for change in changes {
      table.append(
        [.text(change.name)] + [change.before, change.now, change.difference].map { Self.value($0, change.unit) })
    }
    section.tables = [table]
    return section
  }

  private static func value(_ value: Double?, _ unit: AuditChange.Unit) -> AuditValue {
    switch unit {
    case .count: .number(value)
    case .usd: .usd(value)
    case .share: .share(value)
    case .milliseconds: .milliseconds(value)
    }
  }

  var driftSection: AuditSection {
    var section = AuditSection("drift", "Drift")
    guard let drift = options.drift else {
      section.sentences = ["Not known: no model is named to look at the log with; give --model."]
      return section
    }
    section.sentences = drift.findings
    var table = AuditTable(
      "drift", "The tests that say most", shownRows: 12,
      columns: [
        ("test", "test", .word), ("alarm", "alarm", .word), ("evidence", "evidence", .figure),
        ("adjusted", "adjusted p", .figure), ("before", "reference", .figure), ("now", "now", .figure),
      ])
    for test in drift.mostTelling {
      let alarm = test.state.isAlarm.map { $0 ? "yes" : "no" } ?? AuditText.unknown
      table.append([
        .text(test.name), .text(alarm), .number(test.evidence), .number(test.adjusted), .number(test.before),
        .number(test.now),
      ])
    }
    section.tables = [table]
    return section
  }

  var experimentSection: AuditSection {
    var section = AuditSection("experiments", "Experiments and alerts")
    section.sentences = [armSentence, alertSentence]
    var arms = AuditTable(
      "experiments", "Arms",
      columns: [
        ("experiment", "experiment", .word), ("arm", "arm", .word), ("requests", "requests", .figure),
        ("conversations", "conversations", .figure), ("failures", "failures", .figure),
        ("mean_usd", "per request", .figure), ("latency_ms", "mean time", .figure), ("ratings", "ratings", .figure),
        ("quality", "mean quality", .figure),
      ])
    for arm in options.arms ?? [] {
      arms.append([
        .text(arm.experiment), .text(arm.arm), .count(arm.requests), .count(arm.conversations), .count(arm.failures),
        .usd(arm.priced > 0 ? arm.costUSD / Double(arm.priced) : nil), .milliseconds(arm.meanLatencyMilliseconds),
        .count(arm.rated), .share(arm.meanQuality),
      ])
    }
    var alerts = AuditTable(
      "alerts", "Raised alerts",
      columns: [
        ("alert", "alert", .word), ("since", "since", .word), ("cause", "cause", .word), ("remedy", "remedy", .word),
      ])
    for alert in options.alerts ?? [] {
      alerts.append([.text(alert.name), .text(clock.minute(of: alert.time)), .text(alert.cause), .text(alert.remedy)])
    }
    section.tables = [arms, alerts]
    return section
  }

  private var armSentence: String {
    guard let arms = options.arms else {
      return "Experiments are not known from this log: a gateway's database keeps them."
    }
    return arms.isEmpty
      ? "No experiment or canary in this period."
      : "Shown as counted, decided nowhere here: /admin/promotion and the page's Promotion show what a canary's evidence comes to."
  }

  private var alertSentence: String {
    guard let alerts = options.alerts else {
      return "Alerts are not known from this log: a gateway's database keeps them."
    }
    return alerts.isEmpty ? "No alert is raised." : "Alerts that are raised: \(alerts.count)."
  }
}
