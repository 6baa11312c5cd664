package import GatewayCore
import Ockham
import TextKit

/// What OpenTelemetry calls a target's provider and model.
package struct SpanTarget: Sendable, Hashable {
  package var provider: String
  package var model: String

  package init(provider: String, model: String) {
    self.provider = provider
    self.model = model
  }

  /// The targets of a configuration by name.
  package static func all(in configuration: GatewayConfiguration) -> [String: SpanTarget] {
    let targets = configuration.tiers.flatMap(\.targets) + configuration.extraTargets
    return Dictionary(
      targets.map {
        (
          $0.name,
          SpanTarget(provider: (configuration.providers[$0.provider]?.kind ?? .openai).spanName, model: $0.model)
        )
      },
      uniquingKeysWith: { first, _ in first })
  }
}

/// Writes traces as the body of `POST /v1/traces` of an OpenTelemetry collector: OTLP 1.x, JSON encoding. One span of
/// kind CLIENT per request.
package struct SpanEncoder: Sendable {
  /// By the target's name.
  package var targets: [String: SpanTarget]

  /// `service.name` and `service.version`.
  package var serviceName: String
  package var serviceVersion: String

  package init(targets: [String: SpanTarget], serviceName: String = "ockham-gateway", serviceVersion: String) {
    self.targets = targets
    self.serviceName = serviceName
    self.serviceVersion = serviceVersion
  }

  /// The encoder for the targets of a configuration.
  package init(_ configuration: GatewayConfiguration) {
    self.init(targets: SpanTarget.all(in: configuration), serviceVersion: OckhamVersion.text)
  }

  /// The body for a batch.
  package func body(for traces: [RequestTrace]) -> [UInt8] {
    var text = JSONBuilder()
    text.object {
      $0.array("resourceSpans") {
        $0.element {
          $0.member("resource") { appendResource(to: &$0) }
          $0.append(key: "schemaUrl")
          $0.append(string: SpanAttribute.schemaURL)
          $0.array("scopeSpans") { $0.element { appendScope(traces, to: &$0) } }
        }
      }
    }
    return text.bytes
  }

  private func appendResource(to text: inout JSONBuilder) {
    text.array("attributes") {
      $0.attribute("service.name", .text(serviceName))
      $0.attribute("service.version", .text(serviceVersion))
    }
  }

  private func appendScope(_ traces: [RequestTrace], to text: inout JSONBuilder) {
    text.member("scope") {
      $0.string("name", "ockham.gateway")
      $0.string("version", serviceVersion)
    }
    text.string("schemaUrl", SpanAttribute.schemaURL)
    text.array("spans") {
      for trace in traces { $0.element { append(trace, to: &$0) } }
    }
  }

  private func append(_ trace: RequestTrace, to text: inout JSONBuilder) {
    let span = SpanIdentity.span(requestID: trace.id, parent: trace.traceParent)
    text.string("traceId", span.traceHigh.hexadecimal + span.traceLow.hexadecimal)
    text.string("spanId", span.parent.hexadecimal)
    if let parent = trace.traceParent { text.string("parentSpanId", parent.parent.hexadecimal) }
    text.string("name", "chat \(trace.requestedModel.prefix(128))")
    text.append(key: "kind")
    text.append(raw: "3")
    text.string("startTimeUnixNano", Self.nanoseconds(trace.time))
    text.string("endTimeUnixNano", Self.nanoseconds(trace.time + trace.latencyMilliseconds / 1000))
    text.array("attributes") {
      for (attribute, value) in SpanAttributes(trace, target: trace.target.flatMap { targets[$0] }).all {
        $0.attribute(attribute.rawValue, value)
      }
    }
    if trace.errorCode != nil || trace.status >= 400 {
      text.member("status") {
        $0.append(key: "code")
        $0.append(raw: "2")
      }
    }
  }

  /// To the microsecond, which is what a time of today as a double can hold; 64-bit integers are texts in JSON.
  private static func nanoseconds(_ seconds: Double) -> String {
    guard let microseconds = Int64(exactly: (seconds * 1e6).rounded()), microseconds >= 0 else { return "0" }
    return "\(microseconds)000"
  }
}

extension JSONBuilder {
  fileprivate mutating func object(_ body: (inout JSONBuilder) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  fileprivate mutating func element(_ body: (inout JSONBuilder) -> Void) {
    beginElement()
    object(body)
  }

  fileprivate mutating func member(_ key: String, _ body: (inout JSONBuilder) -> Void) {
    append(key: key)
    object(body)
  }

  fileprivate mutating func array(_ key: String, _ body: (inout JSONBuilder) -> Void) {
    append(key: key)
    beginArray()
    body(&self)
    endArray()
  }

  fileprivate mutating func string(_ key: String, _ value: String) {
    append(key: key)
    append(string: value)
  }

  fileprivate mutating func attribute(_ name: String, _ value: SpanValue) {
    element {
      $0.string("key", name)
      $0.member("value") { $0.append(value) }
    }
  }

  private mutating func append(_ value: SpanValue) {
    switch value {
    case .text(let value): string("stringValue", value)
    case .integer(let value): string("intValue", String(value))
    case .number(let value): number(value)
    case .boolean(let value):
      append(key: "boolValue")
      append(boolean: value)
    case .texts(let values): list(values.map(SpanValue.text))
    case .numbers(let values): list(values.map(SpanValue.number))
    }
  }

  /// JSON's own number; what is not finite is a string, as protocol buffers write it.
  private mutating func number(_ value: Double) {
    append(key: "doubleValue")
    if value.isFinite {
      append(number: value)
    } else {
      append(string: value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    }
  }

  private mutating func list(_ values: [SpanValue]) {
    member("arrayValue") {
      $0.array("values") {
        for value in values { $0.element { $0.append(value) } }
      }
    }
  }
}
