import TextKit

extension AuditReport {
  var dearestSection: AuditSection {
    var section = AuditSection("dearest", "The most expensive requests")
    section.sentences = money.mostExpensive.filter { $0.requests > 0 && money.spentUSD > 0 }.suffix(2).map { part in
      "The most expensive \(NumberFormat.percent(part.share)) of requests (\(NumberFormat.count(part.requests))) took "
        + "\(NumberFormat.percent(part.costUSD / money.spentUSD, places: 0)) of the dollars."
    }
    section.tables = [requests("dearest_requests", "The most expensive by name", traffic.details.mostExpensive)]
    return section
  }

  var misroutingSection: AuditSection {
    var section = AuditSection("misrouting", "Sent too high, sent too low")
    let known = misrouting.steps.filter { $0.share.value != nil }
    if known.isEmpty, total.requests > 0 {
      section.sentences = ["Not known: \(misrouting.steps.first?.share.reason ?? "nothing was rated under two tiers")."]
    }
    section.sentences += known.map(sentence)
    var table = AuditTable(
      "misrouting", "What ratings of several tiers say",
      columns: [
        ("served", "served by", .word), ("other", "beside", .word), ("fault", "fault", .word),
        ("requests", "requests", .figure), ("pairs", "rated pairs", .figure), ("found", "found", .figure),
        ("share", "share", .figure),
      ])
    for step in misrouting.steps {
      table.append([
        .text(step.served), .text(step.other), .text(step.isOver ? "too high" : "too low"), .count(step.requests),
        .count(step.pairs), .count(step.found), .figure(step.share, .share),
      ])
    }
    section.tables = [
      table, requests("too_high", "Sent too high: examples", traffic.details.overrouted),
      requests("too_low", "Sent too low: examples", traffic.details.underrouted),
    ]
    return section
  }

  private func sentence(_ step: AuditMisrouting.Step) -> String {
    let (served, other) = (SafeText.name(step.served), SafeText.name(step.other))
    let share = AuditText.figure(step.share, .share)
    return step.isOver
      ? "Of what \(served) served, \(other) had answered \(share) well enough for less."
      : "Of what \(served) served, \(share) was not good enough where \(other) was."
  }

  /// Requests by name, with their text where it was asked for and is kept.
  private func requests(_ name: String, _ title: String, _ rows: [TrafficRow]) -> AuditTable {
    let hasTexts = rows.contains { options.texts[$0.id] != nil }
    var table = AuditTable(
      name, title, shownRows: 10,
      columns: [
        ("id", "request", .word), ("time", "time (\(clock.name))", .word), ("key", "key", .word),
        ("task", "task", .word), ("tier", "tier", .word), ("reason", "reason", .word),
        ("input_tokens", "tokens in", .figure), ("output_tokens", "tokens out", .figure),
        ("spent_usd", "spent", .figure),
        ("strongest_usd", "strongest tier", .figure), ("ratings", "ratings", .word),
      ] + (hasTexts ? [("text", "text", .word)] : []))
    for row in rows { table.append(values(row) + (hasTexts ? [.text(options.texts[row.id] ?? "")] : [])) }
    return table
  }

  private func values(_ row: TrafficRow) -> [AuditValue] {
    let ratings = row.labels.compactMap { label in
      label.quality.map { "\(label.tier) \(NumberFormat.short($0, digits: 2))" }
    }
    return [
      .text(row.id), .text(row.time > 0 ? clock.minute(of: row.time) : nil), .text(row.key), .text(row.task),
      .text(row.answeredTier ?? row.tier), .text(row.reason), .number(row.inputTokens.map(Double.init)),
      .number(row.outputTokens.map(Double.init)), .usd(row.costUSD), .usd(row.strongestUSD),
      ratings.isEmpty ? .empty : .text(ratings.joined(separator: ", ")),
    ]
  }
}
