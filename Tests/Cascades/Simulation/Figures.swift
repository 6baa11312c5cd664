import Foundation

/// Reports of `ockham evaluate --format json` on one log, one per seed of training, as a row of a table.
struct Figures {
  private struct Interval: Decodable {
    let value: Double
    let low: Double
    let high: Double
  }

  private struct Report: Decodable {
    let cascade: Cascade
    let tierAdvice: Advice

    enum CodingKeys: String, CodingKey {
      case cascade
      case tierAdvice = "tier_advice"
    }
  }

  private struct Advice: Decodable {
    struct Tier: Decodable {
      let costUSD: Double

      enum CodingKeys: String, CodingKey { case costUSD = "cost_usd" }
    }

    let tiers: [Tier]
  }

  /// Keys as `evaluate` has them, in camel case.
  private struct Cascade: Decodable {
    let rows: Int
    let chosen: String
    let savedAt: [String: Interval]
    let qualityKeptAt: [String: Interval]
    let attemptsAt: [String: Double]
    let routerSavedAt: [String: Interval]
    let overRouterAt: [String: Interval]
    let formSavedAt: [String: Interval?]
    let area: Interval
    let routerArea: Interval
    let cascadeArea: Interval
    let formArea: Interval?
    let areaOverForm: Interval?
    let apgr: Interval
    let promptApgr: Interval

    enum CodingKeys: String, CodingKey {
      case rows, chosen, area, apgr
      case savedAt = "saved_at"
      case qualityKeptAt = "quality_kept_at"
      case attemptsAt = "attempts_at"
      case routerSavedAt = "router_saved_at"
      case overRouterAt = "over_router_at"
      case formSavedAt = "form_saved_at"
      case routerArea = "router_area"
      case cascadeArea = "cascade_area"
      case formArea = "form_area"
      case areaOverForm = "area_over_form"
      case promptApgr = "prompt_apgr"
    }
  }

  private let reports: [Report]

  init(paths: [String]) throws {
    reports = try paths.map { try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: $0))) }
  }

  static let header = """
    | log, tiers | chosen | saved at 95 / 97 / 99 / 100 % | kept, attempts at 100 % | router, form save at 100 % | over router at 100 % \
    | area: chosen / router / first tier first / form | less the better of both | over form | APGR: response | prompt |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    """

  /// Means over the seeds; in parentheses the least and the greatest, in brackets the interval of the first seed.
  func row(_ name: String) -> String {
    let (first, costs) = (reports[0].cascade, reports[0].tierAdvice.tiers.map(\.costUSD))
    let levels = ["0.95", "0.97", "0.99", "1.0"]
    let saved = levels.map { level in mean { $0.savedAt[level]?.value } }
    let areas = [
      mean { $0.area.value }, mean { $0.routerArea.value }, mean { $0.cascadeArea.value }, mean { $0.formArea?.value },
    ]
    let overBoth = { (cascade: Cascade) in cascade.area.value - max(cascade.routerArea.value, cascade.cascadeArea.value)
    }
    let cells = [
      name + String(format: "; r %.1f", (costs.last ?? 0) / costs[0]) + ", \(first.rows) rows",
      reports.map(\.cascade.chosen).joined(separator: ", "),
      saved.joined(separator: " / ") + spread { $0.savedAt["1.0"]?.value } + interval(first.savedAt["1.0"]),
      mean { $0.qualityKeptAt["1.0"]?.value } + ", " + mean { $0.attemptsAt["1.0"] },
      mean { $0.routerSavedAt["1.0"]?.value } + ", " + mean { $0.formSavedAt["1.0"]??.value },
      mean { $0.overRouterAt["1.0"]?.value } + interval(first.overRouterAt["1.0"]),
      areas.joined(separator: " / "), mean(overBoth) + spread(overBoth),
      mean { $0.areaOverForm?.value } + interval(first.areaOverForm),
      mean { $0.apgr.value } + spread { $0.apgr.value } + interval(first.apgr), mean { $0.promptApgr.value },
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  private func values(_ figure: (Cascade) -> Double?) -> [Double] { reports.compactMap { figure($0.cascade) } }

  private func mean(_ figure: (Cascade) -> Double?) -> String {
    let values = values(figure)
    return values.count < reports.count ? "–" : number(values.reduce(0, +) / Double(values.count))
  }

  /// The least and the greatest over the seeds.
  private func spread(_ figure: (Cascade) -> Double?) -> String {
    let values = values(figure)
    guard values.count > 1, let least = values.min(), let greatest = values.max() else { return "" }
    return " (\(number(least)) to \(number(greatest)))"
  }

  private func interval(_ interval: Interval?) -> String {
    interval.map { " [\(number($0.low)), \(number($0.high))]" } ?? ""
  }

  private func number(_ value: Double) -> String {
    let text = String(format: "%.3f", value)
    return text == "-0.000" ? "0.000" : text
  }
}
