import Foundation
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Labels from copies of live requests, over HTTP: what is asked, what is rated, and that no client notices.
@Suite(.timeLimit(.minutes(20))) struct ShadowEngineTests {
  @Test(arguments: [false, true])
  func anAuditAsksEveryTier(stream: Bool) async throws {
    let world = try await ShadowWorld.start(script: { model, body in
      guard stream, body.contains(#""stream":true"#) else { return nil }
      return [FaultUpstream.streamHead, FaultUpstream.chunk("an answer of \(model)"), FaultUpstream.streamEnd, .close]
    })
    defer { world.stop() }
    let seen = try await world.gateway.chat(model: "auto", stream: stream)
    #expect(seen.status == 200 && seen.text.contains("m-small"))
    let stored = try await world.label(of: seen)
    #expect(
      stored.ratings == ["small 0.25 1.0 served", "mid 0.75 1.0 audit", "frontier 1.0 1.0 audit"])
    #expect(stored.record.request?["audit_rate"] == .real(1))
    #expect(stored.label?["judge_usd"].real ?? 0 > 0 && stored.label?["cost_usd"].real ?? 0 > 0)
    #expect(world.asked.sorted() == ["judge", "judge", "judge", "m-frontier", "m-mid", "m-small"])
    let metrics = await world.gateway.live.metricsText()
    #expect(metrics.contains(#"ockham_gateway_shadow_labels_total{result="rated"} 1"#))
  }

  /// Without audits only the tier of the other policy is asked: the strongest, where nothing is observed.
  @Test func aDisagreementAsksTheOtherTier() async throws {
    let world = try await ShadowWorld.start { $0.shadow?.auditShare = 0 }
    defer { world.stop() }
    var seen = try await world.gateway.chat(model: "auto")
    // The first request has the rate 1 and an intensity below it: some are drawn, some are not.
    for _ in 0..<40 where try await world.store.request(#require(seen.headers["x-ockham-request-id"]))?.label == nil {
      seen = try await world.gateway.chat(model: "auto")
      try await Task.sleep(for: .milliseconds(50))
    }
    let stored = try await world.label(of: seen)
    let inclusion = try #require(stored.record.outcomes.first?["inclusion"].real)
    #expect((0.1...1).contains(inclusion))
    #expect(stored.ratings == ["small 0.25 \(inclusion) served", "frontier 1.0 \(inclusion) shadow"])
  }

  /// A judge that is down, hangs, talks nonsense or repeats what an answer made it say: the label is missing, the client served.
  @Test(arguments: ["down", "nonsense", "told", "closed"])
  func aBadJudgeReachesNobody(fault: String) async throws {
    let world = try await ShadowWorld.start(script: { model, _ in
      guard model == "judge" else { return nil }
      switch fault {
      case "down": return [FaultUpstream.answer("{}", status: "500 X")]
      case "closed": return [.close]
      case "told": return [FaultUpstream.completion(#"The answer wants {\"score\":1} and so I say {\"score\":1}"#)]
      default: return [FaultUpstream.completion("it is fine")]
      }
    })
    defer { world.stop() }
    let seen = try await world.gateway.chat(model: "auto")
    #expect(seen.status == 200)
    let stored = try await world.label(of: seen)
    #expect(stored.label?["missing"] == .text("judge"))
    #expect(stored.ratings == ["small - 1.0 served", "mid - 1.0 audit", "frontier - 1.0 audit"])
    // What answers clients knows nothing of it.
    #expect(world.gateway.live.runtime.targets["t-judge"]?.breaker.state(at: 0) == .closed)
  }

  @Test func aJudgeThatHangsHoldsNoClient() async throws {
    let world = try await ShadowWorld.start(script: { model, _ in model == "judge" ? [.awaitClose] : nil })
    defer { world.stop() }
    for _ in 0..<20 { #expect(try await world.gateway.chat(model: "auto").status == 200) }
    let engine = try #require(world.gateway.live.runtime.shadow)
    engine.stop()
    #expect(engine.counts.waiting == 0)
  }

  /// A tier that refuses copies with 429, or fails: the clients' keys and breakers do not know.
  @Test func aFailingCopyRestsNoKeyOfClients() async throws {
    let world = try await ShadowWorld.start(script: { model, _ in
      model == "m-mid"
        ? [FaultUpstream.answer("{}", status: "429 X")]
        : model == "m-frontier" ? [FaultUpstream.answer("{}", status: "401 X")] : nil
    })
    defer { world.stop() }
    let seen = try await world.gateway.chat(model: "auto")
    let stored = try await world.label(of: seen)
    #expect(stored.label?["missing"] == .text("capacity"))
    let targets = world.gateway.live.runtime.targets
    for name in ["t-small", "t-mid", "t-frontier"] { #expect(targets[name]?.breaker.state(at: 0) == .closed) }
    #expect(try await world.gateway.chat(model: "auto").status == 200)
  }

  /// Who says no is not copied: the header, the key, the configuration; nor is what names its tier.
  @Test func optOutsHold() async throws {
    let world = try await ShadowWorld.start { configuration in
      configuration.keys = ["open", "closed", "out"].map {
        KeyConfiguration(name: $0, sha256: VirtualKey.sha256($0.utf8))
      }
      configuration.keys[1].allowsShadow = false
      configuration.shadow?.keysLeftOut = ["out"]
    }
    defer { world.stop() }
    func ask(_ key: String, _ model: String, _ headers: [(String, String)] = []) async throws {
      let seen = try await world.gateway.send(
        "/v1/chat/completions", TestGateway.chatBody("hello", model: model),
        headers: [("authorization", "Bearer \(key)")] + headers)
      #expect(seen.status == 200)
    }
    try await ask("open", "auto", [("x-ockham-no-shadow", "1")])
    try await ask("open", "mid")
    try await ask("closed", "auto")
    try await ask("out", "auto")
    await world.settled()
    #expect(world.asked == ["m-small", "m-mid", "m-small", "m-small"])
    try await ask("open", "auto", [("x-ockham-no-shadow", "false")])
    await world.settled()
    #expect(world.asked.count > 5)
  }

  /// What a rule forbids gets no copy, and judges nothing.
  @Test func forbiddenTiersSeeNothing() async throws {
    let world = try await ShadowWorld.start { configuration in
      configuration.rules = [Rule(name: "home", conditions: [.keywords(["secret"])], action: .forbid(tiers: ["mid"]))]
      configuration.tiers[1].targets.append(TargetConfiguration(name: "t-j2", provider: "p0", model: "judge"))
      configuration.shadow?.judge = "t-j2"
      configuration.shadow?.tiers = ["small", "frontier"]
    }
    defer { world.stop() }
    let seen = try await world.gateway.chat("a secret", model: "auto")
    let stored = try await world.label(of: seen)
    #expect(stored.label?["missing"] == .text("unjudged"))
    #expect(world.asked.sorted() == ["m-frontier", "m-small"])
  }

  @Test func theDaysDollarsAreKept() async throws {
    let world = try await ShadowWorld.start { $0.shadow?.dailyBudgetUSD = 1e-9 }
    defer { world.stop() }
    let seen = try await world.gateway.chat(model: "auto")
    let stored = try await world.label(of: seen)
    #expect(stored.label?["missing"] == .text("budget"))
    #expect(world.asked == ["m-small"])
  }

  /// Equal calls of tools need no judge.
  @Test func equalCallsAreRatedForNothing() async throws {
    let world = try await ShadowWorld.start(script: { model, _ in
      // The same arguments, written differently.
      let space = model == "m-mid" ? " " : ""
      let call = #"{"id":"c","type":"function","function":{"name":"look","arguments":"{\"a\":\#(space)1}"}}"#
      return [
        FaultUpstream.answer(
          #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[\#(call)]},"finish_reason":"tool_calls"}]}"#
        )
      ]
    })
    defer { world.stop() }
    let seen = try await world.gateway.send(
      "/v1/chat/completions",
      #"{"model":"auto","messages":[{"role":"user","content":"look"}],"tools":[{"type":"function","function":{"name":"look"}}]}"#
    )
    let stored = try await world.label(of: seen)
    #expect(stored.ratings == ["small 1.0 1.0 served", "mid 1.0 1.0 audit", "frontier 1.0 1.0 audit"])
    #expect(!world.asked.contains("judge"))
  }

  /// An answer that has not the form that was asked for is worth nothing, whatever a judge would say.
  @Test func aCheckOfFormComesFirst() async throws {
    let world = try await ShadowWorld.start(script: { model, _ in
      model == "m-mid" ? [FaultUpstream.completion(#"{\"a\":1}"#)] : nil
    })
    defer { world.stop() }
    let seen = try await world.gateway.send(
      "/v1/chat/completions",
      #"{"model":"auto","messages":[{"role":"user","content":"json"}],"response_format":{"type":"json_object"}}"#)
    let stored = try await world.label(of: seen)
    #expect(stored.ratings == ["small 0.0 1.0 served", "mid 0.0 1.0 audit", "frontier 0.0 1.0 audit"])
    #expect(world.asked.count { $0 == "judge" } == 1)
  }

  /// Copies have keys of their own where the configuration says so.
  @Test func copiesHaveKeysOfTheirOwn() async throws {
    let world = try await ShadowWorld.start { configuration in
      var other = configuration.providers["p0"]!
      other.name = "copies"
      other.headers = ["x-of": "copies"]
      configuration.providers["copies"] = other
      configuration.shadow?.providers = ["p0": "copies"]
    }
    defer { world.stop() }
    let seen = try await world.gateway.chat(model: "auto")
    _ = try await world.label(of: seen)
    let marked = world.upstream.requests.map { $0.head.lowercased().contains("x-of: copies") }
    #expect(marked.count { !$0 } == 1 && !marked[0])
  }

  @Test func whatIsNotOverAtTheEndIsMissing() async throws {
    let world = try await ShadowWorld.start(
      { configuration in
        configuration.shadow?.capacityShare = 1e-9
      }, script: { model, body in model == "m-mid" ? [.awaitClose] : nil })
    defer { world.stop() }
    let first = try await world.gateway.chat(model: "auto")
    let second = try await world.gateway.chat(model: "auto")
    let engine = try #require(world.gateway.live.runtime.shadow)
    while engine.counts != (1, 1) { try await Task.sleep(for: .milliseconds(5)) }
    engine.stop()
    #expect(try await world.label(of: second).label?["missing"] == .text("capacity"))
    let id = try #require(first.headers["x-ockham-request-id"])
    #expect(try await world.store.request(id)?.label?["missing"] == .text("pending"))
  }
}
