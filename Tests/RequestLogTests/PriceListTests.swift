import Ockham
import Testing

@testable import RequestLog

@Suite struct PriceListTests {
  private let map = try! TierMap(flags: ["small=gpt-4o-mini", "frontier=openai/gpt-4o", "frontier=other"])

  private func read(_ text: String) -> Result<PriceList, PriceListError> {
    var list = PriceList()
    do throws(PriceListError) {
      try list.add(file: Array(text.utf8), path: "prices.json")
      return .success(list)
    } catch { return .failure(error) }
  }

  private func costs(_ outcomes: [ModelOutcome], _ prices: PriceList) -> [Double?] {
    // Forty bytes are ten tokens.
    let record = LogRecord(id: "a", request: Request(prompt: String(repeating: "x", count: 40)), outcomes: outcomes)
    return map.outcomes(of: record, prices: prices).costUSD
  }

  @Test func flagsAreReadStrictly() throws {
    var list = PriceList()
    try list.add(flag: "small=0.15,0.6")
    #expect(list.tiers == ["small": TokenPrice(inputUSDPerMillion: 0.15, outputUSDPerMillion: 0.6)])
    for bad in ["small", "=1,2", "small=1", "small=1,2,3", "small=-1,2", "small=a,b"] {
      #expect(throws: PriceListError.self, "\(bad)") { try list.add(flag: bad) }
    }
    #expect(throws: PriceListError.repeatedFlag(tier: "\"small\"")) { try list.add(flag: "small=1,2") }
  }

  @Test func filesOfLiteLLMAreRead() throws {
    let list = try read(
      """
      {"sample_spec":{"input_cost_per_token":"a string"},
       "gpt-4o-mini":{"input_cost_per_token":1.5e-7,"output_cost_per_token":6e-7,"max_tokens":16384,"mode":"chat"},
       "gpt-4o":{"input_cost_per_token":2.5e-6,"output_cost_per_token":1e-5},
       "an-image":{"input_cost_per_pixel":1e-8},"half":{"input_cost_per_token":1e-7,"output_cost_per_token":null}}
      """
    ).get()
    #expect(Set(list.models.keys) == ["gpt-4o-mini", "gpt-4o"])
    let price = try #require(list.price(ofModel: "openai/gpt-4o"))
    #expect(abs(price.costUSD(inputTokens: 1_000_000, outputTokens: 100_000) - 3.5) < 1e-9)
    #expect(list.price(ofModel: "4o") == nil)
  }

  @Test func badFilesSayWhere() {
    #expect(read("[]") == .failure(.notAnObject(path: "prices.json", found: "an array")))
    #expect(read("{\"a\":{}}") == .failure(.noPrices(path: "prices.json")))
    guard case .failure(.notJSON) = read("{\"a\":") else {
      Issue.record("damaged JSON is read")
      return
    }
    for text in [
      "{\"a\":{\"input_cost_per_token\":2.5,\"output_cost_per_token\":10}}", "{\"a\":3}",
      "{\"a\":{\"input_cost_per_token\":\"1e-6\",\"output_cost_per_token\":1e-6}}",
    ] {
      guard case .failure(.value(_, let entry, _, _)) = read(text) else {
        Issue.record("\(text) is read")
        continue
      }
      #expect(entry.hasPrefix("\"a\""))
    }
  }

  /// A cost of the log stays; a tier's price comes before its model's; an answer of unknown length costs what no one knows.
  @Test func pricesFillWhatTheLogDoesNotTell() throws {
    var prices = try read(
      """
      {"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":1e-6},
       "gpt-4o":{"input_cost_per_token":1e-5,"output_cost_per_token":1e-5}}
      """
    ).get()
    func near(_ found: [Double?], _ expected: [Double?]) -> Bool {
      zip(found, expected).allSatisfy { found, expected in
        found == expected || abs((found ?? .nan) - (expected ?? .nan)) < 1e-12
      }
    }
    let small = ModelOutcome(name: "small", quality: 1, outputTokens: 90)
    #expect(near(costs([small], prices), [1e-4, nil]))
    #expect(near(costs([ModelOutcome(name: "gpt-4o-mini", costUSD: 5, outputTokens: 90)], prices), [5, nil]))
    #expect(near(costs([ModelOutcome(name: "openai/gpt-4o", outputTokens: 90)], prices), [nil, 1e-3]))
    #expect(
      near(costs([ModelOutcome(name: "frontier", outputTokens: 90)], prices), [nil, nil]), "two models stand for it")
    #expect(near(costs([ModelOutcome(name: "small", quality: 1)], prices), [nil, nil]))
    let answered = ModelOutcome(name: "small", answer: .text(String(repeating: "y", count: 360)))
    #expect(near(costs([answered], prices), [1e-4, nil]))
    prices.assumedOutputTokens = 190
    #expect(
      near(costs([ModelOutcome(name: "small"), small.named("gpt-4o-mini")], prices), [1.5e-4, nil]), "the mean of both")
    try prices.add(flag: "small=10,0")
    #expect(near(costs([small], prices), [1e-4, nil]))
    #expect(throws: PriceListError.self) {
      try prices.add(flag: "mid=1,1")
      try prices.check(map)
    }
    #expect(costs([small], PriceList()) == [nil, nil])
  }
}

extension ModelOutcome {
  fileprivate func named(_ name: String) -> ModelOutcome {
    var copy = self
    copy.name = name
    return copy
  }
}
