extension PriceCatalogue {
  /// The most that a token can cost, in USD: a larger number is a price per million tokens by mistake.
  static let maximumPrice = 0.01

  /// Reads a catalogue. Fields that are not prices, limits of tokens or known `supports_…` are skipped, as is the entry `sample_spec`,
  /// which describes the form; `null` is unknown.
  ///
  /// - Throws: ``PriceCatalogueError``, with every value that is wrong.
  package init(json: [UInt8]) throws(PriceCatalogueError) {
    let root: JSONNode
    do { root = try JSONParser.parse(json) } catch { throw .notJSON(offset: error.offset, expected: error.expected) }
    guard let members = root.members else { throw .notAnObject(found: root.kindName) }
    var prices: [String: Price] = [:]
    var faults: [PriceCatalogueError.Fault] = []
    for member in members where member.key != "sample_spec" {
      var entry = PriceEntry(name: member.key, faults: [])
      prices[member.key] = entry.price(member.value)
      faults += entry.faults
    }
    guard faults.isEmpty else { throw .badEntries(faults) }
    self.init(prices: prices)
  }
}

/// Reads one entry of a catalogue.
private struct PriceEntry {
  let name: String
  var faults: [PriceCatalogueError.Fault]

  mutating func price(_ node: JSONNode) -> Price? {
    guard node.members != nil else {
      report("", expected: "an object of prices", node)
      return nil
    }
    var price = Price(input: cost(node, "input_cost_per_token"), output: cost(node, "output_cost_per_token"))
    price.cachedInput = cost(node, "cache_read_input_token_cost")
    price.cacheWrite = cost(node, "cache_creation_input_token_cost")
    price.longCacheWrite = cost(node, "cache_creation_input_token_cost_above_1hr")
    price.reasoning = cost(node, "output_cost_per_reasoning_token")
    price.audioInput = cost(node, "input_cost_per_audio_token")
    price.audioOutput = cost(node, "output_cost_per_audio_token")
    price.serviceTiers = serviceTiers(node)
    price.contextTokens = tokens(node, "max_input_tokens")
    price.maximumOutputTokens = tokens(node, "max_output_tokens")
    price.steps = steps(node)
    for (name, path) in ModelSupport.catalogueNames { price.support[keyPath: path] = boolean(node, name) }
    return price
  }

  /// The fields that a price in place of the usual one has, before its suffix.
  private static var changes: [(String, WritableKeyPath<PriceChange, Double?>)] {
    [
      ("input_cost_per_token", \.input), ("output_cost_per_token", \.output),
      ("cache_read_input_token_cost", \.cachedInput), ("cache_creation_input_token_cost", \.cacheWrite),
    ]
  }

  /// The prices of service tiers: `input_cost_per_token_priority` and the like.
  private mutating func serviceTiers(_ node: JSONNode) -> [ServiceTier: PriceChange] {
    var tiers: [ServiceTier: PriceChange] = [:]
    for tier in ServiceTier.allCases {
      for (field, path) in Self.changes {
        guard let cost = cost(node, "\(field)_\(tier.rawValue)") else { continue }
        tiers[tier, default: PriceChange()][keyPath: path] = cost
      }
    }
    return tiers
  }

  /// The prices of long prompts: `input_cost_per_token_above_200k_tokens` and the like.
  private mutating func steps(_ node: JSONNode) -> [PriceStep] {
    var steps: [Int: PriceStep] = [:]
    for member in node.members ?? [] where member.key.hasSuffix("k_tokens") {
      for (field, path) in Self.changes {
        let prefix = field + "_above_"
        guard member.key.hasPrefix(prefix),
          let thousands = Int(member.key.dropFirst(prefix.count).dropLast("k_tokens".count)),
          (1...1_000_000).contains(thousands)
        else { continue }
        steps[thousands, default: PriceStep(aboveTokens: thousands * 1000)].change[keyPath: path] = cost(
          node, member.key)
      }
    }
    return steps.values.sorted { $0.aboveTokens < $1.aboveTokens }
  }

  private mutating func cost(_ node: JSONNode, _ field: String) -> Double? {
    guard let value = node[field], !value.isNull else { return nil }
    if let number = value.number, (0...PriceCatalogue.maximumPrice).contains(number) { return number }
    report(field, expected: "USD per token, from 0 to \(PriceCatalogue.maximumPrice)", value)
    return nil
  }

  private mutating func tokens(_ node: JSONNode, _ field: String) -> Int? {
    guard let value = node[field], !value.isNull else { return nil }
    if let number = value.number, let count = Int(exactly: number), (0...1_000_000_000_000).contains(count) {
      return count
    }
    report(field, expected: "an integer of tokens", value)
    return nil
  }

  private mutating func boolean(_ node: JSONNode, _ field: String) -> Bool? {
    guard let value = node[field], !value.isNull else { return nil }
    if let boolean = value.boolean { return boolean }
    report(field, expected: "true or false", value)
    return nil
  }

  private mutating func report(_ field: String, expected: String, _ found: JSONNode) {
    let number = if case .number(let text) = found.content, text.utf8.count <= 24 { text } else { found.kindName }
    faults.append(
      PriceCatalogueError.Fault(entry: SafeText.label(name), field: field, expected: expected, found: number))
  }
}
