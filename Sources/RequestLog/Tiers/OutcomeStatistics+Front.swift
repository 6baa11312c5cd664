import TextKit

extension OutcomeStatistics {
  /// The models that no other beats: of known quality, and none is at least as good for no more dollars. From cheap to expensive where
  /// every cost is known; else all, from bad to good, since quality alone shows nothing of price.
  static func front(_ models: [Model]) -> [Model] {
    let known = models.filter { $0.meanQuality != nil }
    let ranked = known.sorted { ($0.meanQuality ?? 0, $1.name) < ($1.meanQuality ?? 0, $0.name) }
    guard known.allSatisfy({ $0.meanCostUSD != nil }) else { return ranked }
    return ranked.filter { model in !known.contains { $0.beats(model) } }
      .sorted { ($0.meanCostUSD ?? 0, $0.name) < ($1.meanCostUSD ?? 0, $1.name) }
  }

  /// The models with what is known of them, one a line.
  static func table(_ models: [Model]) -> String {
    let front = Set(front(models).map(\.name))
    let isPriced = models.contains { $0.meanCostUSD != nil }
    return models.map { model in
      let quality = model.meanQuality.map { "mean quality \(($0 * 1000).rounded() / 1000)" } ?? "quality unknown"
      let cost = model.meanCostUSD.map { "\(NumberFormat.usd($0 * 1_000)) per 1,000" } ?? "cost unknown"
      let parts = isPriced ? [cost] + (front.contains(model.name) ? ["on the Pareto front"] : []) : []
      let words = ["\(NumberFormat.count(model.count)) outcomes", quality] + parts
      return "  \(SafeText.name(model.name)): " + words.joined(separator: ", ")
    }.joined(separator: "\n")
  }

  /// Flags for the front: its cheapest, its middle where dollars show which that is, and its best; where one model beats all, the best
  /// of the others above it.
  static func suggestion(_ models: [Model]) -> String {
    let tiers = suggestedTiers(models)
    guard !tiers.isEmpty else { return "--tier small=MODEL" }
    return tiers.map { "--tier \($0.name)=\(SafeText.shellQuoted($0.model))" }.joined(separator: " ")
  }

  /// The values of `--tier` for a log whose models are not named after tiers; empty where they are, or where too few have a quality.
  package var suggestedTiers: [String] {
    guard !TierMap.defaultNames.contains(where: { contains($0) || tierLabels[$0] != nil }) else { return [] }
    return Self.suggestedTiers(models).map { "\($0.name)=\($0.model)" }
  }

  private static func suggestedTiers(_ models: [Model]) -> [(name: String, model: String)] {
    let front = front(models)
    guard let first = front.first, let last = front.last else { return [] }
    var tiers = [("small", first), ("frontier", last)]
    if front.count == 1 {
      let others = models.filter { $0.name != first.name && $0.meanQuality != nil }
      guard let other = others.max(by: { ($0.meanQuality ?? 0, $1.name) < ($1.meanQuality ?? 0, $0.name) }) else {
        return []
      }
      tiers[1] = ("frontier", other)
    } else if front.count > 2, front.allSatisfy({ $0.meanCostUSD != nil }) {
      tiers.insert(("mid", front[front.count / 2]), at: 1)
    }
    return tiers.map { (name: $0.0, model: $0.1.name) }
  }
}

extension OutcomeStatistics.Model {
  /// Whether this model is at least as good for no more dollars; of two alike, the first by name.
  fileprivate func beats(_ other: OutcomeStatistics.Model) -> Bool {
    guard let quality = meanQuality, let than = other.meanQuality, let cost = meanCostUSD, let price = other.meanCostUSD
    else { return false }
    return quality >= than && cost <= price && (quality > than || cost < price || name < other.name)
  }
}
