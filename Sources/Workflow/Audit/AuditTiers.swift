import Evaluation
import RequestLog
import TextKit

/// The tiers of an audit, cheapest first, and what their tokens cost.
struct AuditTiers {
  let names: [String]
  private let map: TierMap?
  private let prices: [String: TokenPrice]

  /// What a log knows of its tiers.
  struct Evidence {
    /// Names in an order that is known to be right; empty where none is.
    var ordered: [String] = []
    var names: Set<String> = []
    /// By tier and model.
    var fits: [String: [String: PriceFit]] = [:]
    /// What answers cost on average, by name.
    var costs: [String: (count: Int, sumUSD: Double)] = [:]

    mutating func merge(_ other: Evidence) {
      if ordered.count < other.ordered.count { ordered = other.ordered }
      names.formUnion(other.names)
      for (tier, models) in other.fits { fits[tier, default: [:]].merge(models) { mine, _ in mine } }
      for (name, cost) in other.costs {
        let mine = costs[name] ?? (0, 0)
        costs[name] = (mine.count + cost.count, mine.sumUSD + cost.sumUSD)
      }
    }
  }

  /// - Parameters:
  ///   - map: the tiers as they were named, which come first.
  ///   - model: the tiers of a model.
  init(_ evidence: Evidence, map: TierMap?, model: [String]?, prices list: PriceList?) {
    self.map = map
    let fitted = evidence.fits.compactMapValues { models in
      models.values.sorted { $0.count > $1.count }.lazy.compactMap(\.price).first.map {
        TokenPrice(inputUSDPerMillion: $0.input * 1e6, outputUSDPerMillion: $0.output * 1e6)
      }
    }
    names = map?.names ?? model ?? Self.order(evidence, fitted)
    var prices: [String: TokenPrice] = [:]
    for name in names {
      let models = map?.tiers.first { $0.name == name }?.models ?? []
      prices[name] =
        list?.tiers[name] ?? list?.price(ofModel: name) ?? models.lazy.compactMap { list?.price(ofModel: $0) }.first
        ?? fitted[name] ?? models.lazy.compactMap { fitted[$0] }.first
    }
    self.prices = prices
  }

  /// As the log says, else as the names mean, else by what their tokens cost.
  private static func order(_ evidence: Evidence, _ fitted: [String: TokenPrice]) -> [String] {
    if !evidence.ordered.isEmpty { return evidence.ordered }
    if evidence.names.isSubset(of: TierMap.defaultNames) {
      return TierMap.defaultNames.filter(evidence.names.contains)
    }
    func cost(_ name: String) -> Double {
      if let price = fitted[name] { return price.costUSD(inputTokens: 1_000, outputTokens: 300) }
      guard let known = evidence.costs[name], known.count > 0 else { return .infinity }
      return known.sumUSD / Double(known.count)
    }
    return evidence.names.sorted { (cost($0), $0) < (cost($1), $1) }
  }

  /// The tier that a name of the log stands for: itself where nothing maps it.
  func tier(of name: String?) -> String? {
    guard let name, let map else { return name }
    return map.index(of: name).map { map.names[$0] } ?? name
  }

  /// What each tier's tokens cost for so many of them, as far as known.
  func costsUSD(inputTokens: Int?, outputTokens: Int?) -> [String: Double] {
    guard let input = inputTokens, let output = outputTokens else { return [:] }
    return prices.mapValues { $0.costUSD(inputTokens: input, outputTokens: output) }
  }

  func hasPrice(_ tier: String) -> Bool { prices[tier] != nil }

  /// What an answer of a tier costs; `nil` without a price or without tokens.
  func costUSD(of tier: String?, inputTokens: Int?, outputTokens: Int?) -> Double? {
    guard let tier, let price = prices[tier], let input = inputTokens, let output = outputTokens else { return nil }
    return price.costUSD(inputTokens: input, outputTokens: output)
  }
}
