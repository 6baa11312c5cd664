import Foundation
import Testing

@testable import Gateway

/// A plain reader of the exposition format, written from its description.
struct Exposition {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String] = [:]
    var value: Double
  }

  var types: [String: String] = [:]
  var helps: [String: String] = [:]
  var samples: [Sample] = []

  init(_ text: String) throws {
    try #require(text.hasSuffix("\n"))
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# TYPE ") {
        try #require(words.count == 4 && types[words[2]] == nil && helps[words[2]] != nil, "\(line)")
        types[words[2]] = words[3]
      } else if line.hasPrefix("# HELP ") {
        try #require(words.count == 4 && helps[words[2]] == nil, "\(line)")
        helps[words[2]] = words[3]
      } else {
        samples.append(try Self.sample(line))
      }
    }
  }

  private static func sample(_ line: Substring) throws -> Sample {
    var rest = line
    let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" })
    rest = rest.dropFirst(name.count)
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while rest.first != "}" {
        let label = String(rest.prefix { $0 != "=" })
        rest = rest.dropFirst(label.count + 1)
        try #require(rest.popFirst() == "\"" && labels[label] == nil)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
          guard character == "\\" else {
            value.append(character)
            continue
          }
          switch rest.popFirst() {
          case "\\": value += "\\"
          case "\"": value += "\""
          case "n": value += "\n"
          default: Issue.record("an escape that the format does not know")
          }
        }
        labels[label] = value
        if rest.first == "," { rest = rest.dropFirst() }
      }
      rest = rest.dropFirst()
    }
    try #require(rest.popFirst() == " ")
    let number = rest == "+Inf" ? Double.infinity : Double(rest)
    return Sample(name: name, labels: labels, value: try #require(number, "\(line)"))
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == "ockham_gateway_" + name && $0.labels == labels }?.value
  }
}

@Suite struct MetricsTests {
  @Test func aRequestIsCounted() throws {
    let metrics = GatewayMetrics()
    var trace = Traces.escalated("r1")
    trace.upstreamMilliseconds = 249.9375
    metrics.record(trace)
    trace.decision.isFromCache = true
    trace.status = 502
    trace.errorCode = .allProvidersFailed
    (trace.tier, trace.target, trace.usage, trace.costUSD) = (nil, nil, nil, nil)
    metrics.record(trace)
    metrics.countRequest(route: "/v1/models", status: 200, error: nil)
    metrics.breaker["mock/small-1"].set(2)
    let text = try Exposition(
      metrics.exposition(
        telemetry: TelemetryCounters(written: 1, dropped: 2, failed: 3, queued: 4, deleted: 5),
        spans: SpanCounters(sent: 6, dropped: 7, failed: 8)))
    let route = ["route": "/v1/chat/completions"]
    let expected: [(String, [String: String], Double)] = [
      ("requests_total", ["route": "/v1/chat/completions", "status_class": "2xx"], 1),
      ("requests_total", ["route": "/v1/chat/completions", "status_class": "5xx"], 1),
      ("requests_total", ["route": "/v1/models", "status_class": "2xx"], 1),
      ("errors_total", ["code": "all_providers_failed"], 1),
      ("decisions_total", ["tier": "small", "reason": "gain_below_threshold"], 2),
      ("decision_cache_total", ["result": "hit"], 1), ("decision_cache_total", ["result": "miss"], 1),
      ("fallbacks_total", ["from": "small", "to": "frontier"], 1),
      ("attempts_total", ["target": "mock/small-1", "tier": "small", "outcome": "server_error"], 2),
      ("attempts_total", ["target": "mock/frontier-1", "tier": "frontier", "outcome": "ok"], 2),
      ("tokens_total", ["tier": "frontier", "kind": "cached_input"], 10),
      ("cost_usd_total", ["tier": "frontier", "target": "mock/frontier-1"], 0.0015),
      ("breaker_state", ["target": "mock/small-1"], 2), ("requests_in_flight", [:], 0),
      ("request_duration_seconds_count", route, 2), ("request_duration_seconds_sum", route, 0.5),
      ("overhead_seconds_bucket", ["le": "5e-05"], 0), ("overhead_seconds_bucket", ["le": "0.0001"], 2),
      ("overhead_seconds_bucket", ["le": "+Inf"], 2), ("overhead_seconds_count", [:], 2),
      ("telemetry_written_total", [:], 1), ("telemetry_dropped_total", [:], 2), ("telemetry_failed_total", [:], 3),
      ("telemetry_queued", [:], 4), ("telemetry_deleted_total", [:], 5), ("spans_sent_total", [:], 6),
      ("spans_dropped_total", [:], 7), ("spans_failed_total", [:], 8),
    ]
    for (name, labels, value) in expected { #expect(text.value(name, labels) == value, "\(name) \(labels)") }
    #expect(text.types["ockham_gateway_overhead_seconds"] == "histogram")
    #expect(text.types["ockham_gateway_breaker_state"] == "gauge")
  }

  /// Every name has a type and a suffix that says its unit or that it counts.
  @Test func namesFollowTheConventions() throws {
    let metrics = GatewayMetrics()
    metrics.record(Traces.answered("r1"))
    let text = try Exposition(metrics.exposition(telemetry: TelemetryCounters(), spans: SpanCounters()))
    for (name, type) in text.types {
      #expect(name.hasPrefix("ockham_gateway_"))
      #expect((type == "counter") == name.hasSuffix("_total"), "\(name)")
      #expect(type != "histogram" || name.hasSuffix("_seconds"), "\(name)")
    }
    for sample in text.samples {
      let family = ["_bucket", "_sum", "_count"].reduce(sample.name) {
        $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0
      }
      #expect(text.types[sample.name] ?? text.types[family] != nil, "\(sample.name)")
    }
  }

  @Test func hostileLabels() throws {
    let metrics = GatewayMetrics()
    let target = "a\\b\"c\nd{e=\"f\",g} # HELP é"
    metrics.breaker[target].set(1)
    let text = try Exposition(metrics.exposition())
    #expect(text.value("breaker_state", ["target": target]) == 1)
  }

  @Test func seriesAreBounded() throws {
    let family = MetricFamily<MetricCell>("x_total", "A count.", labels: ["a"])
    let limit = MetricFamily<MetricCell>.maximumSeries
    for index in 0..<limit + 10 { family["\(index)"].add() }
    #expect(family.series.count == limit + 1)
    #expect(family["_other"].value == 10)
  }

  @Test func addingFromManyThreads() {
    let cell = MetricCell()
    let histogram = HistogramCell(bounds: [1, 2])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for value in 0..<1000 {
        cell.add(0.5)
        histogram.observe(Double(value % 4))
      }
    }
    cell.add(.nan)
    histogram.observe(.infinity)
    histogram.observe(-1)
    #expect(cell.value == 4000)
    #expect(histogram.cumulativeCounts == [4001, 6001, 8001] && histogram.sum == 12_000)
  }
}
