import Foundation
import TextKit
import Testing

@testable import Gateway
@testable import GatewayCore
@testable import Registry

/// Decisions about versions that a person makes on the page, from the form to the registry's journal.
@Suite struct PromotionPageTests {
  /// A registry in a folder of its own with an incumbent and another version.
  private final class Versions {
    let root = FileManager.default.temporaryDirectory.appending(path: "promotion-page-\(UUID().uuidString)")
    let registry: Registry
    let incumbent: String
    let other: String

    init() throws {
      registry = try Registry(creating: root)
      incumbent = try Self.add("first", to: registry)
      _ = try registry.promote(incumbent, salt: String(repeating: "5a", count: 16), Self.statement)
      other = try Self.add("second", to: registry)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    private static var statement: Registry.Statement {
      .init(by: .init(isAutomatic: false, name: "ann"), reason: "a <b>test</b>", time: Traces.time)
    }

    private static func add(_ name: String, to registry: Registry) throws -> String {
      let parts = VersionParts(
        model: Array("model \(name)".utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
      return try registry.add(parts, version: "1", statement).version
    }

    var pointer: RegistryPointer? { try? registry.pointer()?.pointer }
  }

  private static func page(_ versions: Versions?) async throws -> TestPage {
    try await TestPage.start(TestPage.roles) { $0.registryPath = versions?.root.path }
  }

  @Test func aCanaryFromStartToRollback() async throws {
    let versions = try Versions()
    let page = try await Self.page(versions)
    defer { page.stop() }
    let (cookie, token) = try await page.logIn(TestPage.keys["BOSS"] ?? "")
    let own = [("cookie", cookie)]
    func act(_ action: String, _ fields: [(String, String)] = []) async throws -> TestGateway.Seen {
      try await page.post(
        "/promotion/\(action)", fields + [("action_token", token), ("confirm", "yes"), ("reason", "by <hand>")], own)
    }
    let before = try await page.get("/promotion", own).text
    #expect(before.contains("Start a canary") && !before.contains("Abort the canary"))
    #expect(before.contains(versions.incumbent.prefix(12)) && !before.contains("<b>test</b>"))

    let started = try await act(
      "start", [("version", versions.other), ("share", "0.25"), ("margin", "0.02"), ("confidence", "0.9")])
    #expect(started.status == 303 && started.headers["location"]?.hasPrefix("/promotion?done=start") == true)
    #expect(versions.pointer?.candidate == versions.other && versions.pointer?.share == 0.25)
    #expect(try versions.registry.journal().entries.last?.reason == "by <hand>")
    let during = try await page.get("/promotion?done=start", own).text
    #expect(during.contains("Written down: start") && during.contains("Abort the canary"))
    #expect(during.contains("25.0 %") && !during.contains("<hand>"))

    #expect(try await act("abort", [("version", versions.incumbent)]).status == 409, "another candidate was shown")
    #expect(try await act("abort", [("version", versions.other)]).status == 303)
    #expect(versions.pointer?.candidate == nil)
    #expect(try await act("start", [("version", versions.other)]).status == 303)
    #expect(versions.pointer?.share == 0.05, "what is usual")
    #expect(try await act("complete", [("version", versions.other)]).status == 303)
    #expect(versions.pointer?.incumbent == versions.other)
    #expect(try await page.get("/promotion", own).text.contains("Roll back"))
    #expect(try await act("rollback").status == 303)
    #expect(versions.pointer?.incumbent == versions.incumbent)
  }

  @Test func whatIsNotMeantOrNotAllowedDoesNothing() async throws {
    let versions = try Versions()
    let page = try await Self.page(versions)
    defer { page.stop() }
    let count = try versions.registry.journal().entries.count
    let (cookie, token) = try await page.logIn(TestPage.keys["BOSS"] ?? "")
    let fields = [("version", versions.other), ("action_token", token)]
    let unconfirmed = try await page.post("/promotion/start", fields, [("cookie", cookie)])
    #expect(unconfirmed.status == 400 && unconfirmed.text.contains("confirm"))
    for (name, value) in [("share", "5"), ("margin", "little"), ("confidence", "-1")] {
      let wrong = try await page.post(
        "/promotion/start", fields + [("confirm", "yes"), (name, value)], [("cookie", cookie)])
      #expect(wrong.status == 400 && wrong.text.contains("\(name): expected a number from 0 to 1"), "\(wrong.text)")
    }
    let (reader, readersToken) = try await page.logIn(TestPage.keys["READER"] ?? "")
    let forbidden = try await page.post(
      "/promotion/start", [("version", versions.other), ("action_token", readersToken), ("confirm", "yes")],
      [("cookie", reader)])
    #expect(forbidden.status == 403)
    let shown = try await page.get("/promotion", [("cookie", reader)]).text
    #expect(shown.contains("whose role is administer") && !shown.contains("Start a canary"))
    #expect(try versions.registry.journal().entries.count == count)
  }

  @Test func withoutARegistryThePageSaysSo() async throws {
    let page = try await Self.page(nil)
    defer { page.stop() }
    let (cookie, token) = try await page.logIn(TestPage.keys["BOSS"] ?? "")
    #expect(try await page.get("/promotion", [("cookie", cookie)]).text.contains("Set registry to its folder"))
    let seen = try await page.post(
      "/promotion/abort", [("action_token", token), ("confirm", "yes")], [("cookie", cookie)])
    #expect(seen.status == 409)
  }

  /// The evidence of a canary as the observer reports it.
  private static func canary(_ value: Double, drawn: Int, missing: Int) throws -> JSONNode {
    try JSONParser.parse(
      Array(
        """
        {"conversations":{"incumbent":90,"candidate":10},"labels":{"drawn":\(drawn),"missing":\(missing)},
         "evidence":{"as_good":{"value":\(value),"needed":20},"worse":{"value":0.5,"needed":20}},
         "difference":{"quality":{"value":-0.01,"low":-0.03,"high":0.01},"cost_usd":null}}
        """.utf8))
  }

  @Test func theForecastGrowsAsEvidenceHas() throws {
    // 40 labels made 4 of 1; 20 of 4 takes ln 5 / ln 4 times as many.
    #expect(LabelForecast(try Self.canary(4, drawn: 50, missing: 10))?.labels == 47)
    #expect(LabelForecast(try Self.canary(4, drawn: 12, missing: 3)) == nil, "too few to say")
    #expect(LabelForecast(try Self.canary(0.9, drawn: 500, missing: 0)) == nil, "evidence that shrinks")
    #expect(LabelForecast(try Self.canary(25, drawn: 500, missing: 0)) == nil, "it has decided")
    #expect(LabelForecast(.null) == nil)
  }

  @Test func whatACanaryHasShown() throws {
    let status = try JSONParser.parse(
      Array(#"{"incumbent":"aaaa","candidate":"bbbb","share":0.1,"decisions":[]}"#.utf8))
    func text(_ canary: JSONNode) -> String {
      PromotionPage(
        status: .success(status), canary: canary, experiments: .array([]), visitor: nil, done: nil
      ).main.text
    }
    let shown = text(try Self.canary(4, drawn: 50, missing: 10))
    for part in ["50 drawn, 10 missing", "about 47 more", "4 of 20", "-0.0100", "No experiment is configured"] {
      #expect(shown.contains(part), "\(part) in \(shown)")
    }
    #expect(text(.null).contains("Nothing is known of the canary yet."))
    #expect(text(.object(["refused": .string("no store")])).contains("no store"))
  }
}
