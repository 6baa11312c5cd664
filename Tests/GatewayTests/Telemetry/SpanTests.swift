import Foundation
import Ockham
import Synchronization
import Testing

@testable import Gateway

@Suite struct SpanTests {
  private static let encoder = SpanEncoder(
    targets: ["mock/frontier-1": SpanTarget(provider: "openai", model: "big-1")], serviceVersion: "1.2.3")

  private func spans(_ traces: [RequestTrace]) throws -> [[String: Any]] {
    let body = try JSONSerialization.jsonObject(with: Data(Self.encoder.body(for: traces))) as? [String: Any]
    let resource = try #require((body?["resourceSpans"] as? [[String: Any]])?.first)
    let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
    #expect(scope["schemaUrl"] as? String == "https://opentelemetry.io/schemas/1.41.0")
    let service = try attributes(try #require(resource["resource"] as? [String: Any]))
    #expect(service == ["service.name": "stringValue ockham-gateway", "service.version": "stringValue 1.2.3"])
    return try #require(scope["spans"] as? [[String: Any]])
  }

  /// Attributes as `type value`.
  private func attributes(_ owner: [String: Any]) throws -> [String: String] {
    let pairs = try (owner["attributes"] as? [[String: Any]] ?? []).map { attribute in
      let value = try #require((attribute["value"] as? [String: Any])?.first)
      return (try #require(attribute["key"] as? String), "\(value.key) \(try text(value.value))")
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private func text(_ value: Any) throws -> String {
    guard let list = value as? [String: Any] else { return "\(value)" }
    let values = try #require(list["values"] as? [[String: Any]])
    return values.map { $0.map { "\($0) \($1)" }.joined() }.joined(separator: ", ")
  }

  @Test func aSpanPerRequest() throws {
    var trace = Traces.escalated("r1")
    trace.request = Request(prompt: "zyzzyva")
    trace.request.attributes.maximumOutputTokens = 99
    trace.isStream = true
    trace.decision.rules = ["night"]
    trace.traceParent = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    let span = try #require(try spans([trace]).first)
    #expect(span["traceId"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(span["parentSpanId"] as? String == "00f067aa0ba902b7")
    #expect((span["spanId"] as? String)?.count == 16)
    #expect(span["name"] as? String == "chat auto" && span["kind"] as? Int == 3)
    #expect(span["startTimeUnixNano"] as? String == "1740830400000000000")
    #expect(span["endTimeUnixNano"] as? String == "1740830400250000000")
    #expect(span["status"] == nil)
    let expected = [
      "gen_ai.operation.name": "stringValue chat", "gen_ai.provider.name": "stringValue openai",
      "gen_ai.request.model": "stringValue auto", "gen_ai.response.model": "stringValue big-1",
      "gen_ai.request.max_tokens": "intValue 99", "gen_ai.usage.input_tokens": "intValue 100",
      "gen_ai.usage.output_tokens": "intValue 40", "gen_ai.usage.cache_read.input_tokens": "intValue 10",
      "gen_ai.usage.cache_creation.input_tokens": "intValue 5", "gen_ai.usage.reasoning.output_tokens": "intValue 8",
      "gen_ai.response.finish_reasons": "arrayValue stringValue stop",
      "gen_ai.response.time_to_first_chunk": "doubleValue 0.03", "ockham.request.id": "stringValue r1",
      "ockham.decision.tier": "stringValue small", "ockham.response.tier": "stringValue frontier",
      "ockham.decision.reason": "stringValue gain_below_threshold", "ockham.decision.gain": "doubleValue 0.125",
      "ockham.decision.probabilities": "arrayValue doubleValue 0.75, doubleValue 0.875, doubleValue 0.96875",
      "ockham.decision.model_hash": "stringValue 000000000000feed", "ockham.response.cost_usd": "doubleValue 0.0015",
      "ockham.response.attempts":
        "arrayValue stringValue mock/small-1 server_error, stringValue mock/frontier-1 ok",
    ]
    let found = try attributes(span)
    for (name, value) in expected { #expect(found[name] == value, "\(name)") }
    #expect(Set(found.keys).isSubset(of: SpanAttribute.allCases.map(\.rawValue)))
    #expect(!String(decoding: Self.encoder.body(for: [trace]), as: UTF8.self).contains("zyzzyva"))
  }

  @Test func failedRequestsAndOddNumbers() throws {
    var trace = Traces.answered("r1", time: -1)
    trace.status = 499
    trace.costUSD = .infinity
    trace.requestedModel = "a\"\u{1}" + String(repeating: "b", count: 500)
    let span = try #require(try spans([trace, trace]).last)
    #expect((span["status"] as? [String: Any])?["code"] as? Int == 2)
    #expect(span["startTimeUnixNano"] as? String == "0")
    let found = try attributes(span)
    #expect(found["error.type"] == "stringValue 499")
    #expect(found["ockham.response.cost_usd"] == "doubleValue Infinity")
    #expect(found["gen_ai.request.model"]?.count == 12 + 128)
  }

  @Test func oneRequestOneSpan() {
    let spans = (0..<1000).map { SpanIdentity.span(requestID: "req-\($0)", parent: nil) }
    #expect(Set(spans.map(\.parent)).count == 1000 && Set(spans.map(\.traceLow)).count == 1000)
    #expect(SpanIdentity.span(requestID: "req-1", parent: nil) == spans[1])
    #expect(TraceParent(spans[1].header) == spans[1])
  }

  @Test(arguments: [
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true),
    ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
    ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more", false),
    ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
    ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", false),
    ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false), ("", false), ("é", false),
  ])
  func traceparents(header: String, isValid: Bool) {
    let parent = TraceParent(header)
    #expect((parent != nil) == isValid)
    if header.hasPrefix("00"), let parent { #expect(parent.header == header) }
  }

  @Test func exportingInBatches() async {
    struct Away: Error {}
    let bodies = Mutex<[Int]>([])
    let isAway = Atomic(false)
    let exporter = SpanExporter(Self.encoder) { body in
      if isAway.load(ordering: .relaxed) { throw Away() }
      bodies.withLock { $0.append(String(decoding: body, as: UTF8.self).components(separatedBy: "spanId").count - 1) }
    }
    for index in 0..<SpanExporter.batchSpans + 1 { exporter.record(Traces.answered("r\(index)")) }
    var untraced = Traces.answered("untraced")
    untraced.traceParent = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
    exporter.record(untraced)
    await exporter.export()
    #expect(bodies.withLock { $0 } == [SpanExporter.batchSpans, 1])
    isAway.store(true, ordering: .relaxed)
    for index in 0..<SpanExporter.capacity + 3 { exporter.record(Traces.answered("r\(index)")) }
    await exporter.export()
    #expect(
      exporter.counters
        == SpanCounters(sent: SpanExporter.batchSpans + 1, dropped: 3, failed: SpanExporter.batchSpans))
  }
}
