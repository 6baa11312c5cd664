import TextKit

extension PriceList {
  /// Reads `TIER=INPUT,OUTPUT`, in USD per million tokens.
  ///
  /// - Throws: ``PriceListError/flag(found:)``.
  package mutating func add(flag: String) throws(PriceListError) {
    guard let equals = flag.lastIndex(of: "="), equals > flag.startIndex,
      let price = TokenPrice(flag[flag.index(after: equals)...])
    else { throw .flag(found: SafeText.label(flag)) }
    let tier = String(flag[..<equals])
    guard tiers.updateValue(price, forKey: tier) == nil else { throw .repeatedFlag(tier: SafeText.label(tier)) }
  }

  /// Reads the form of LiteLLM's `model_prices_and_context_window.json`, as `PriceCatalogue` does. Models without prices of
  /// both prompts and answers have no price by the token and are skipped.
  ///
  /// - Parameter path: the file's name, for errors.
  /// - Throws: ``PriceListError``.
  package mutating func add(file bytes: [UInt8], path: String) throws(PriceListError) {
    let catalogue: PriceCatalogue
    do { catalogue = try PriceCatalogue(json: bytes) } catch { throw PriceListError(error, path: path) }
    for (model, price) in catalogue.prices {
      guard let input = price.input, let output = price.output else { continue }
      models[model] = TokenPrice(inputUSDPerMillion: input * 1e6, outputUSDPerMillion: output * 1e6)
    }
    guard !models.isEmpty else { throw .noPrices(path: path) }
  }
}

extension PriceListError {
  fileprivate init(_ error: PriceCatalogueError, path: String) {
    switch error {
    case .notJSON(let offset, _): self = .notJSON(path: path, offset: offset)
    case .notAnObject(let found): self = .notAnObject(path: path, found: found)
    case .badEntries(let faults):
      let fault = faults[0]
      self = .value(
        path: path, entry: fault.field.isEmpty ? fault.entry : "\(fault.entry).\(fault.field)",
        expected: fault.expected,
        found: fault.found)
    }
  }
}

/// Why prices cannot be used.
package enum PriceListError: Error, Sendable, Hashable {
  /// A flag is not `TIER=INPUT,OUTPUT`.
  case flag(found: String)
  /// A tier is priced twice.
  case repeatedFlag(tier: String)
  /// The file is no JSON; the offset is in bytes.
  case notJSON(path: String, offset: Int)
  /// The file is JSON, but no object.
  case notAnObject(path: String, found: String)
  /// No entry has a price by the token.
  case noPrices(path: String)
  /// A value is no price.
  case value(path: String, entry: String, expected: String, found: String)
  /// A tier is priced that the model or the log does not have.
  case unknownTier(found: String, expected: [String])
}

extension PriceListError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag(let found):
      "--price: expected TIER=INPUT,OUTPUT in USD per million tokens, found \(found); write --price small=0.15,0.6"
    case .repeatedFlag(let tier): "--price: expected each tier once, found \(tier) twice; remove one"
    case .notJSON(let path, let offset): "\(path): expected JSON, found something else at byte \(offset); fix the file"
    case .notAnObject(let path, let found):
      "\(path): expected an object of models to prices, found \(found); is this the right file?"
    case .noPrices(let path):
      "\(path): expected models with input_cost_per_token and output_cost_per_token, found none; is this the right file?"
    case .value(let path, let entry, let expected, let found):
      "\(path): \(entry): expected \(expected), found \(found); fix or remove it"
    case .unknownTier(let found, let expected):
      "--price \(SafeText.label(found)): expected one of the tiers \(SafeText.names(expected)); "
        + "check the spelling"
    }
  }
}
