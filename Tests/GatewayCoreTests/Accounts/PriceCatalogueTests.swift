import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

struct PriceCatalogueTests {
  private func catalogue(_ json: String) throws -> PriceCatalogue { try PriceCatalogue(json: Array(json.utf8)) }

  private func target(_ model: String, provider: String = "openai", price: String? = nil) -> TargetConfiguration {
    var target = TargetConfiguration(name: "t", provider: provider, model: model)
    target.priceName = price
    return target
  }

  @Test func shippedEntriesArePriced() {
    let shipped = PriceCatalogue.shipped.prices
    #expect(shipped.count == 20)
    for (name, price) in shipped {
      #expect(price.input != nil && price.output != nil && price.contextTokens != nil, "\(name)")
    }
    #expect(
      shipped["gpt-4o-mini"]?.costUSD(of: TokenUsage(inputTokens: 1000, outputTokens: 100)) == 0.00021)
  }

  @Test func usersEntriesWin() throws {
    let own = try catalogue(#"{"gpt-4o": {"input_cost_per_token": 1e-6}}"#)
    let both = PriceCatalogue.shipped.overridden(by: own)
    #expect(both.prices["gpt-4o"]?.input == 1e-6)
    // What the user's entry does not say is unknown: nothing is taken from the other one.
    #expect(both.prices["gpt-4o"]?.output == nil)
    #expect(both.prices["gpt-4o-mini"] != nil)
  }

  @Test func targetsAreFoundByTheirMostSpecificName() throws {
    let prices = try catalogue(
      """
      {"m": {"input_cost_per_token": 1e-6}, "gemini/m": {"input_cost_per_token": 2e-6},
       "mine/m": {"input_cost_per_token": 3e-6}, "free": {"input_cost_per_token": 0}}
      """)
    #expect(prices.price(of: target("m", provider: "other"), kind: .openai)?.input == 1e-6)
    #expect(prices.price(of: target("m", provider: "other"), kind: .gemini)?.input == 2e-6)
    #expect(prices.price(of: target("m", provider: "mine"), kind: .gemini)?.input == 3e-6)
    #expect(prices.price(of: target("m", price: "free"), kind: .openai)?.input == 0)
    #expect(prices.price(of: target("m", price: "missing"), kind: .openai) == nil)
    #expect(prices.price(of: target("unknown"), kind: .openai) == nil)
    #expect(prices.price(of: target("m", provider: "x"), kind: .mock) == nil)
  }

  @Test func serviceTiersAndSoundHavePricesOfTheirOwn() throws {
    let prices = try catalogue(
      """
      {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 5e-7,
       "input_cost_per_token_priority": 2e-6, "output_cost_per_token_priority": 4e-6, "input_cost_per_token_flex": 5e-7,
       "input_cost_per_audio_token": 1e-4, "output_cost_per_audio_token": 2e-4},
       "plain": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}}
      """)
    func cost(_ model: String, _ tier: ServiceTier?, cached: Int = 0, sound: Int = 0) throws -> Double? {
      var usage = TokenUsage(inputTokens: 1000, outputTokens: 1000, cachedInputTokens: cached)
      (usage.serviceTier, usage.audioInputTokens, usage.audioOutputTokens) = (tier, sound, sound)
      return try #require(prices.prices[model]).costUSD(of: usage)
    }
    #expect(try cost("m", nil) == 0.003 && cost("m", .priority) == 0.006)
    // What a tier does not say costs as usual: the answer under flex, the cache under priority.
    #expect(try cost("m", .flex) == 0.0025 && cost("m", .priority, cached: 1000) == 0.0045)
    #expect(try cost("m", nil, sound: 1000) == 0.3 && cost("m", nil, sound: 10) == 0.00597)
    #expect(try cost("plain", .priority, sound: 1000) == 0.003)
  }

  @Test func longPromptsCostWhatTheirStepSays() throws {
    let prices = try catalogue(
      """
      {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
       "input_cost_per_token_above_200k_tokens": 3e-6, "output_cost_per_token_above_128k_tokens": 4e-6}}
      """)
    let price = try #require(prices.prices["m"])
    #expect(price.steps.map(\.aboveTokens) == [128_000, 200_000])
    func cost(_ input: Int) -> Double? { price.costUSD(of: TokenUsage(inputTokens: input, outputTokens: 0)) }
    #expect(cost(128_000) == 0.128)
    #expect(cost(200_000) == 0.2)
    #expect(cost(200_001) == 0.600003)
    #expect(price.forPrompt(tokens: 150_000).output == 4e-6)
  }

  @Test func unknownPartsAreUnknown() throws {
    let price = try #require(
      catalogue(#"{"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": null}}"#).prices["m"])
    #expect(price.costUSD(of: TokenUsage(inputTokens: 5, outputTokens: 0)) == 5e-6)
    #expect(price.costUSD(of: TokenUsage(inputTokens: 5, outputTokens: 1)) == nil)
    #expect(price.costUSD(of: TokenUsage(inputTokens: 5, outputTokens: 0, cachedInputTokens: 1)) == nil)
  }

  @Test func specimenIsPassedOver() throws {
    #expect(try catalogue(#"{"sample_spec": {"max_input_tokens": "text"}}"#).prices.isEmpty)
  }

  @Test(arguments: [
    #""x""#, "-1e-6", "2.5", "1e999", "true", "[]", "{}",
  ])
  func hostileValuesNameTheirEntry(value: String) {
    let json = #"{"good": {}, "bad-model": {"input_cost_per_token": \#(value)}}"#
    #expect {
      _ = try catalogue(json)
    } throws: { error in
      guard case .badEntries(let faults)? = error as? PriceCatalogueError else { return false }
      return faults.count == 1 && faults[0].entry == "\"bad-model\"" && faults[0].field == "input_cost_per_token"
    }
  }

  @Test(arguments: ["-1", "1.5", "1e30", #""8k""#])
  func hostileLimitsNameTheirEntry(value: String) {
    #expect(throws: PriceCatalogueError.self) { try catalogue(#"{"m": {"max_input_tokens": \#(value)}}"#) }
  }

  @Test func everyBadEntryIsReported() {
    #expect {
      _ = try catalogue(#"{"a": 1, "b": {"output_cost_per_token": -1, "max_output_tokens": "x"}}"#)
    } throws: { error in
      guard case .badEntries(let faults)? = error as? PriceCatalogueError else { return false }
      return faults.count == 3
    }
  }

  @Test(arguments: ["", "[]", "{", "7", "{\"a\": {}} x"])
  func otherTextsAreRefused(text: String) {
    #expect(throws: PriceCatalogueError.self) { try catalogue(text) }
  }

  /// What a cache keeps for an hour costs twice the input, or what the catalogue says.
  @Test func longCacheWritesHaveTheirPrice() {
    var price = Price(input: 3e-6, output: 15e-6)
    price.cacheWrite = 3.75e-6
    let usage = TokenUsage(
      inputTokens: 3_000_000, outputTokens: 0, cacheWriteTokens: 3_000_000, longCacheWriteTokens: 1_000_000)
    #expect(price.costUSD(of: usage) == 13.5)
    price.longCacheWrite = 5e-6
    #expect(price.costUSD(of: usage) == 12.5)
  }
}
