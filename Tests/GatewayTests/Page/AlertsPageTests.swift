import Synchronization
import TextKit
import Testing

@testable import Gateway

/// Alerts and their test, from one place.
struct AlertsPageTests {
  /// What is raised is told with its state, since when, why, and what to do: to people and to programs.
  @Test func anAlertIsToldInFull() async throws {
    let page = try await TestPage.start()
    defer { page.stop() }
    #expect(try await page.get("/alerts").text.contains("Nothing is raised."))
    page.live.shared.alerts.raise(Alert(name: "drift cost.1", cause: "it costs <twice>", remedy: "ask for the price"))
    let text = try await page.get("/alerts").text
    for part in ["drift cost.1", "it costs &lt;twice&gt;", "ask for the price", "2025-03-01"] {
      #expect(text.contains(part), "\(part)")
    }
    let alerts = try await page.json("/admin/api/alerts")["alerts"]?.elements ?? []
    #expect(alerts.map { $0["name"]?.string } == ["drift cost.1"])
    #expect(alerts.first?["state"]?.string == "raised" && alerts.first?["cause"]?.string == "it costs <twice>")
    #expect(alerts.first?["remedy"]?.string == "ask for the price")
    #expect(alerts.first?["time"]?.string?.hasPrefix("2025-03-01T12:00:00") == true)
  }

  /// A test goes the way of every alert, to anyone who is told of changes, and leaves nothing raised.
  @Test func aTestIsSentToTheWebhook() async throws {
    let page = try await TestPage.start()
    defer { page.stop() }
    let told = Mutex<[String]>([])
    page.live.shared.alerts.use { change in
      told.withLock { $0.append("\(change.alert.name) \(change.isRaised)") }
    }
    let token = try await page.json("/admin/api/session")["action_token"]?.string ?? ""
    let headers = [("content-type", "application/json"), ("x-ockham-action", token)]
    #expect(try await page.send("POST", "/admin/api/alerts/test", "{}", headers).status == 400)
    let before = told.withLock { $0 }
    #expect(before.isEmpty)
    #expect(try await page.send("POST", "/admin/api/alerts/test", #"{"confirm":"yes"}"#, headers).status == 200)
    let after = told.withLock { $0 }
    #expect(after == ["test true", "test false"])
    #expect(page.live.shared.alerts.raised.isEmpty)
  }
}
