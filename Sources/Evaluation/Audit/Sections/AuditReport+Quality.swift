import TextKit

extension AuditReport {
  var qualitySection: AuditSection {
    var section = AuditSection("quality", "Quality")
    section.sentences = qualitySentences
    section.tables = [
      tierQuality, qualityTable("quality_by_key", "By key", column: "key", parts: quality.keys),
      qualityTable("quality_by_task", "By kind of task", column: "task", parts: quality.tasks),
    ]
    if let plot = qualityPlot { section.plots = [plot] }
    return section
  }

  private var qualitySentences: [String] {
    guard total.requests > 0 else { return [] }
    var sentences = [guaranteeSentence]
    if quality.overTarget.value != nil {
      sentences.append(
        "Quality of what was served, less \(NumberFormat.percent(quality.targetQuality)) of the strongest tier's: "
          + "\(AuditText.figure(quality.overTarget, .points)).")
    }
    if quality.drawn > 0 {
      let share = NumberFormat.percent(Double(quality.missing) / Double(quality.drawn), places: 1)
      sentences.append(
        "\(NumberFormat.count(quality.drawn)) requests were drawn to be rated; of \(NumberFormat.count(quality.missing)) of them (\(share)) a "
          + "rating is missing\(quality.missing * 20 > quality.drawn ? ": more than 5 %, so that figures may be off by as much" : "")."
      )
    }
    if let feedback = quality.meanFeedback {
      sentences.append(
        "Users rated \(NumberFormat.count(quality.feedbacks)) answers, \(NumberFormat.percent(feedback, places: 1)) on average. Who rates selects "
          + "what is rated: no estimate uses it.")
    }
    return sentences
  }

  private var tierQuality: AuditTable {
    var table = AuditTable(
      "quality_by_tier", "By tier",
      columns: [
        ("tier", "tier", .word), ("requests", "requests", .figure), ("ratings", "ratings", .figure),
        ("served", "quality of what it served", .figure), ("of_all", "quality, were it asked for everything", .figure),
      ])
    for part in quality.tiers {
      table.append([
        .text(part.name), .count(part.requests), .count(part.ratings), .figure(part.served, .share),
        .figure(part.ofAll, .share),
      ])
    }
    return table
  }

  private func qualityTable(_ name: String, _ title: String, column: String, parts: [AuditQuality.Part])
    -> AuditTable
  {
    var table = AuditTable(
      name, title,
      columns: [
        (column, column, .word), ("requests", "requests", .figure), ("ratings", "ratings", .figure),
        ("served", "quality of what was served", .figure),
      ])
    for part in parts {
      table.append([.text(part.name), .count(part.requests), .count(part.ratings), .figure(part.served, .share)])
    }
    return table
  }

  /// The cost and the quality of each tier and of what was served.
  private var qualityPlot: Plot? {
    guard money.compared > 0, let served = quality.served.value else { return nil }
    let count = Double(money.compared)
    var marks = [
      point("what was served", style: "model", shape: .circle, cost: total.comparedUSD / count, quality: served),
      quality.strongest.value.map {
        point(
          "all to the strongest tier", style: "strongest", shape: .triangle, cost: money.strongestUSD / count,
          quality: $0)
      },
    ].compactMap(\.self)
    if total.floored == total.compared, let cheapest = quality.tiers.first?.ofAll.value {
      marks.append(
        point(
          "all to the cheapest tier", style: "cheapest", shape: .square, cost: total.cheapestUSD / count,
          quality: cheapest))
    }
    guard marks.count > 1 else { return nil }
    let points = marks.flatMap(\.points)
    return Plot(
      title: "Quality against cost", summary: "Judged quality over dollars per 1,000 requests",
      x: .init(title: "US dollars per 1,000 requests", domain: Scale.domain(points.map(\.x))),
      y: .init(title: "judged quality (0 to 1)", domain: Scale.domain(points.map(\.y))), marks: marks)
  }

  private func point(_ name: String, style: String, shape: PlotMark.Shape, cost: Double, quality: Double)
    -> PlotMark
  {
    PlotMark(
      name: name, style: style, shape: shape,
      points: [
        .init(
          x: cost * 1_000, y: quality,
          tip: "\(name): \(AuditText.usd(cost * 1_000)), \(NumberFormat.percent(quality, places: 1))")
      ])
  }

  var reasonSection: AuditSection {
    var section = AuditSection("reasons", "Why requests went where they went")
    section.tables = [parts("money_by_reason", "By reason", column: "reason", by: \.reason), reasonTable]
    return section
  }

  private var reasonTable: AuditTable {
    struct Place: Hashable { var reason, tier: String? }
    var table = AuditTable(
      "reasons_by_tier", "By reason and tier",
      columns: [
        ("reason", "reason", .word), ("tier", "tier", .word), ("requests", "requests", .part),
        ("spent_usd", "spent", .part),
      ])
    let totals = traffic.totals { Place(reason: $0.reason, tier: $0.tier) }.sorted {
      ($0.value.requests, $1.key.reason ?? "", $1.key.tier ?? "") > (
        $1.value.requests, $0.key.reason ?? "", $0.key.tier ?? ""
      )
    }
    for (place, cell) in totals {
      table.append([
        .text(place.reason), .text(place.tier), .count(cell.requests), .usd(cell.priced > 0 ? cell.costUSD : nil),
      ])
    }
    return table
  }
}
