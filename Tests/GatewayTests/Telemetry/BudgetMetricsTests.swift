import Testing

@testable import Gateway
@testable import GatewayCore

/// Budgets in the metrics: keys that have one, by the periods that they have one for.
struct BudgetMetricsTests {
  @Test func budgetsAreExposed() async throws {
    var ann = KeyConfiguration(name: "ann", sha256: VirtualKey.sha256("a key of ann's".utf8))
    ann.dailyBudgetUSD = 5
    let bob = KeyConfiguration(name: "bob", sha256: VirtualKey.sha256("a key of bob's".utf8))
    let page = try await TestPage.start { $0.keys = [ann, bob] }
    defer { page.stop() }
    let text = await page.live.metricsText()
    #expect(text.contains(#"ockham_gateway_key_budget_usd{key="ann",period="day"} 5"#))
    #expect(text.contains(#"ockham_gateway_key_spent_usd{key="ann",period="day"} 0"#))
    #expect(!text.contains(#"{key="ann",period="month"}"#) && !text.contains(#"{key="bob",period"#))
  }
}
