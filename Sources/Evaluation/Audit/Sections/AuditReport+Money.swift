import Foundation
import TextKit

extension AuditReport {
  var moneySection: AuditSection {
    var section = AuditSection("money", "Money")
    section.sentences = moneySentences
    section.tables = [
      moneyTable, parts("money_by_tier", "By tier", column: "tier", by: \.tier),
      parts("money_by_key", "By key", column: "key", by: \.key),
      parts("money_by_task", "By kind of task", column: "task", by: \.task),
      parts("money_by_policy", "By policy", column: "policy", by: \.policy),
      parts("money_by_target", "By model", column: "target", by: AuditTargets.name), dayTable,
    ]
    if let plot = dayPlot { section.plots = [plot] }
    return section
  }

  private var moneySentences: [String] {
    guard total.requests > 0 else { return [] }
    var sentences: [String] = []
    if money.saved.value != nil, money.saved.isModelled {
      sentences.append(
        "What the strongest tier had taken is its price for the tokens of the answers that were served: no one asked it. Shadow answers of it "
          + "would correct that.")
    }
    let mix = AuditText.figure(money.overMix, .points)
    if money.overMix.value == nil {
      sentences.append("Against a random mix of the same cost: not known, since \(money.overMix.reason ?? "").")
    } else {
      sentences.append(
        "A random mix for the same dollars would send \(NumberFormat.percent(money.mixShare, places: 1)) of requests to the strongest tier; "
          + "quality of what was served is \(mix) \(Self.side(money.overMix)) its.")
    }
    if total.observed > 0 {
      sentences.append(
        "\(NumberFormat.count(total.observed)) requests were only watched: their decisions were logged and not followed."
      )
    }
    return sentences
  }

  private var moneyTable: AuditTable {
    var table = AuditTable(
      "money", "What was spent and saved",
      columns: [("line", "", .word), ("usd", "dollars", .figure), ("requests", "requests it is known for", .figure)])
    guard total.requests > 0 else { return table }
    let compared = AuditValue.count(money.compared)
    table.append([.text("spent"), .usd(total.priced > 0 ? money.spentUSD : nil), .count(total.priced)])
    table.append([.text("all to the strongest tier"), .usd(money.compared > 0 ? money.strongestUSD : nil), compared])
    table.append([.text("saved"), .figure(money.saved, .usd), compared])
    table.append([.text("labels of other tiers"), .usd(money.labelUSD), .count(total.drawn)])
    table.append([.text("judge"), .usd(money.judgeUSD), .count(total.drawn)])
    table.append([.text("saved, net"), .figure(money.net, .usd), compared])
    table.append([.text("of what was spent: answers thrown away"), .usd(money.rejectedUSD), .count(total.priced)])
    table.emphasised = [5]
    return table
  }

  /// Requests and dollars by a part of their keys: all parts, with what is not named, so that they add up.
  func parts(_ name: String, _ title: String, column: String, by part: @escaping (TrafficKey) -> String?) -> AuditTable
  {
    var table = AuditTable(
      name, title,
      columns: [
        (column, column, .word), ("requests", "requests", .part), ("share", "of requests", .figure),
        ("unpriced", "cost unknown", .part), ("spent_usd", "spent", .part), ("spent_share", "of dollars", .figure),
        ("saved_usd", "saved", .part), ("mean_usd", "per request", .figure),
      ])
    let sums = money.sums(of: traffic, by: part).sorted { left, right in
      let (a, b) = (left.value.cell, right.value.cell)
      return (a.costUSD, a.requests, right.key ?? "") > (b.costUSD, b.requests, left.key ?? "")
    }
    for (name, sum) in sums { table.append([.text(name)] + partValues(sum)) }
    return table
  }

  private func partValues(_ sum: AuditMoney.PartSum) -> [AuditValue] {
    let cell = sum.cell
    return [
      .count(cell.requests), .share(Double(cell.requests) / Double(max(1, total.requests))), .count(cell.unpriced),
      .usd(cell.priced > 0 ? cell.costUSD : nil), .share(total.costUSD > 0 ? cell.costUSD / total.costUSD : nil),
      .usd(sum.savedUSD), .usd(cell.priced > 0 ? cell.costUSD / Double(cell.priced) : nil),
    ]
  }

  private static func side(_ figure: AuditFigure) -> String { (figure.value ?? 0) < 0 ? "below" : "above" }

  private var days: [(day: String, sum: AuditMoney.PartSum)] {
    let clock = clock
    return money.sums(of: traffic) { clock.day(of: Double($0.hour) * 3_600) }.sorted { $0.key < $1.key }.map {
      ($0.key, $0.value)
    }
  }

  private var dayTable: AuditTable {
    var table = AuditTable(
      "money_by_day", "By day (\(clock.name))", shownRows: 31,
      columns: [
        ("day", "day", .word), ("requests", "requests", .part), ("share", "of requests", .figure),
        ("unpriced", "cost unknown", .part), ("spent_usd", "spent", .part), ("spent_share", "of dollars", .figure),
        ("saved_usd", "saved", .part), ("mean_usd", "per request", .figure),
      ])
    for (day, sum) in days { table.append([.text(day)] + partValues(sum)) }
    return table
  }

  private var dayPlot: Plot? {
    // The ends of a period are parts of days, and would look like a fall.
    let days = days.count > 4 ? Array(days.dropFirst().dropLast()) : days
    guard days.count > 1, total.priced > 0 else { return nil }
    func mark(_ name: String, style: String, value: (AuditMoney.PartSum) -> Double) -> PlotMark {
      let points = days.enumerated().map { index, day in
        PlotMark.Point(x: Double(index), y: value(day.sum), tip: "\(day.day): \(AuditText.usd(value(day.sum)))")
      }
      return PlotMark(name: name, style: style, shape: .dotted, points: points)
    }
    var marks = [mark("spent", style: "model") { $0.cell.costUSD }]
    if money.saved.value != nil {
      marks.insert(
        mark("all to the strongest tier", style: "strongest") { $0.cell.costUSD + ($0.savedUSD ?? 0) }, at: 0)
    }
    let top = marks.flatMap(\.points).map(\.y).max() ?? 1
    return Plot(
      title: "Dollars by day", summary: "Dollars spent by day beside what the strongest tier had taken",
      x: .init(title: "day (\(clock.name))", domain: 0...Double(days.count - 1)) { tick in
        tick == tick.rounded() && days.indices.contains(Int(tick)) ? String(days[Int(tick)].day.suffix(5)) : ""
      },
      y: .init(title: "US dollars", domain: 0...max(top * 1.05, 1e-9)), marks: marks)
  }
}
