import ArgumentParser
import Foundation
import Labelling
import RequestLog
import TextKit

/// Which models are asked, where, and what they cost.
struct AskArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A tier, the model to ask for it, and the address below which /chat/completions is; repeat.",
      valueName: "tier=model@url"))
  var ask: [String] = []

  @Option(
    help: ArgumentHelp("What a tier's tokens cost, in USD per million; repeat.", valueName: "tier=input,output"))
  var price: [String] = []

  @Option(
    help: "Prices by model, in the form of LiteLLM's model_prices_and_context_window.json; --price comes first.",
    completion: .file(extensions: ["json"]))
  var prices: String?

  @Option(
    help: ArgumentHelp(
      "The environment variable that holds the key, for all tiers or for one; without it none is sent. Repeat.",
      valueName: "[tier=]name"))
  var apiKeyEnv: [String] = []

  @Option(
    name: .customLong("max-cost-usd"),
    help: ArgumentHelp("Never spend more than this, journal included.", valueName: "usd"))
  var maxCostUSD: Double?

  @Option(help: "The limit of tokens for requests that set none.")
  var maxOutputTokens = 1_024

  @Option(help: "What keeps the answers; by default the output's name and .journal.", completion: .file())
  var journal: String?

  @Option(help: "Records asked about at a time.")
  var concurrency = 4

  @Option(help: ArgumentHelp("The longest that one call may take.", valueName: "seconds"))
  var requestTimeout = 120.0

  /// A model to ask, as it is written.
  struct Asked {
    var tier: String
    var model: String
    var address: String

    /// Cut at the first `=` and at the `@` before the address: names of models may hold both.
    init?(_ text: String) {
      guard let pair = NamedColumn(text) else { return nil }
      let cuts = ["@https://", "@http://"].compactMap { pair.column.ranges(of: $0).last?.lowerBound }
      guard let cut = cuts.max(), cut > pair.column.startIndex else { return nil }
      tier = pair.model
      model = String(pair.column[..<cut])
      address = String(pair.column[pair.column.index(after: cut)...])
    }
  }

  func validateForUse(isPlan: Bool) throws {
    let tiers = try parsed().map(\.tier)
    guard !tiers.isEmpty else {
      throw ValidationError("expected --ask TIER=MODEL@URL at least once, found none; add one")
    }
    guard Set(tiers).count == tiers.count else {
      throw ValidationError("--ask: expected each tier once, found one twice")
    }
    guard tiers.count <= 64 else { throw ValidationError("--ask: expected at most 64 tiers, found \(tiers.count)") }
    for tier in tiers where tier.contains(where: { $0.isWhitespace || $0 == "," }) {
      throw ValidationError(
        "--ask: expected a tier without white space and commas, found \(SafeText.name(tier)); rename it")
    }
    for tier in try flags().tiers.keys where !tiers.contains(tier) {
      throw ValidationError("--price: expected a tier of --ask, found \(SafeText.label(tier)); fix the name")
    }
    for tier in try keyNames().keys where tier != "" && !tiers.contains(tier) {
      throw ValidationError(
        "--api-key-env: expected a tier of --ask before =, found \(SafeText.label(tier)); fix the name")
    }
    if let maxCostUSD {
      guard maxCostUSD >= 0, maxCostUSD.isFinite else {
        throw ValidationError("--max-cost-usd: expected a number of at least 0")
      }
    } else if !isPlan {
      throw ValidationError("collect costs money: give --max-cost-usd, or --plan to see what it takes")
    }
    guard maxOutputTokens >= 1 else { throw ValidationError("--max-output-tokens: expected at least 1") }
    guard concurrency >= 1 else { throw ValidationError("--concurrency: expected at least 1, found \(concurrency)") }
    try ChatEndpoint.validate(timeLimit: requestTimeout)
  }

  /// The models with their endpoints; a plan needs no keys.
  func targets(isPlan: Bool) throws -> [CollectTarget] {
    let (list, names) = (try priceList(), try keyNames())
    return try parsed().map { asked in
      guard let price = list.tiers[asked.tier] ?? list.price(ofModel: asked.model) else {
        throw Failure(
          message:
            "--price: expected \(SafeText.name(asked.tier))=INPUT,OUTPUT in USD per million tokens, or the model in --prices, "
            + "found neither: without prices no cap can hold; a model of your own costs 0,0",
          code: .validationFailure)
      }
      let variable = isPlan ? nil : names[asked.tier] ?? names[""]
      let endpoint = try ChatEndpoint(
        address: asked.address, model: asked.model, apiKey: try variable.map { try EndpointKey.named($0) },
        timeLimitSeconds: requestTimeout, connections: concurrency, option: "--ask \(SafeText.name(asked.tier))")
      return CollectTarget(tier: asked.tier, model: asked.model, endpoint: endpoint, price: price)
    }
  }

  private func parsed() throws -> [Asked] {
    try ask.map { text in
      guard let asked = Asked(text) else {
        throw ValidationError(
          "--ask: expected TIER=MODEL@URL, such as small=gpt-4o-mini@https://api.example.com/v1, found another text")
      }
      return asked
    }
  }

  /// The prices of `--price`.
  private func flags() throws -> PriceList {
    var list = PriceList()
    do { for flag in price { try list.add(flag: flag) } } catch { throw ValidationError("\(error)") }
    return list
  }

  private func priceList() throws -> PriceList {
    var list = try flags()
    guard let prices else { return list }
    guard let data = FileManager.default.contents(atPath: prices) else {
      throw Failure.missingInput("\(prices): no such price file; check the path and its permissions")
    }
    try list.add(file: [UInt8](data), path: prices)
    return list
  }

  /// Names of variables by tier; those of all tiers stand under the empty name.
  private func keyNames() throws -> [String: String] {
    var names: [String: String] = [:]
    for text in apiKeyEnv {
      let pair = NamedColumn(text)
      let isRepeated = names.updateValue(pair?.column ?? text, forKey: pair?.model ?? "") != nil
      if isRepeated {
        throw ValidationError("--api-key-env: expected one variable for all tiers and one a tier, found two")
      }
    }
    return names
  }
}
