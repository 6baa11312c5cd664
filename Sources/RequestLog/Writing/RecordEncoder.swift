import Foundation
package import Ockham
import TextKit

/// Writes records as JSON that reads back as the same value.
package struct RecordEncoder {
  private var text = JSONBuilder()

  package init() {}

  /// The record's line, without a line feed. Unknown parts are left out.
  /// - Precondition: the record is valid.
  mutating func line(for record: LogRecord) -> [UInt8] {
    text.removeAll()
    text.beginObject()
    append("id", record.id)
    append("dataset", record.dataset)
    append("timestamp", record.timestamp)
    append("conversation", record.conversation)
    appendFields(of: record.request, record.settings)
    append("reference", record.reference)
    append("task", record.task?.name)
    append("tier", record.tier)
    if record.weight != 1 { append("weight", record.weight) }
    append("propensity", record.propensity)
    appendDraw(of: record)
    if !record.outcomes.isEmpty { append(record.outcomes) }
    text.endObject()
    return text.bytes
  }

  /// The request's own JSON object: what the `request` column of a database holds.
  /// - Parameter reference: the right answer, which has no column of its own.
  package mutating func object(
    for request: Request, _ settings: RequestSettings? = nil, reference: String? = nil
  ) -> String {
    text.removeAll()
    text.beginObject()
    appendFields(of: request, settings)
    append("reference", reference)
    text.endObject()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private mutating func append(_ outcomes: [ModelOutcome]) {
    text.append(key: "outcomes")
    text.beginObject()
    for outcome in outcomes {
      text.append(key: outcome.name)
      text.beginObject()
      append("quality", outcome.quality)
      append("cost_usd", outcome.costUSD)
      append("output_tokens", outcome.outputTokens)
      append("latency_ms", outcome.latencyMilliseconds)
      append("inclusion", outcome.inclusion)
      append("origin", outcome.origin?.rawValue)
      if let gold = outcome.gold {
        text.append(key: "gold")
        text.append(gold)
      }
      if let answer = outcome.answer {
        text.append(key: "answer")
        text.append(answer)
      }
      append("response_features", outcome.responseFeatures.map { Data($0).base64EncodedString() })
      text.endObject()
    }
    text.endObject()
  }

  private mutating func appendDraw(of record: LogRecord) {
    append("served", record.served)
    if let allowed = record.allowed {
      text.append(key: "allowed")
      text.append(names: allowed)
    }
    if let eligible = record.eligible {
      text.append(key: "eligible")
      text.append(boolean: eligible)
    }
    append("policy_hash", record.policyHash)
    append("label_rate", record.labelRate)
    append("audit_rate", record.auditRate)
    if let failed = record.failed {
      text.append(key: "failed")
      text.append(boolean: failed)
    }
    if let steps = record.steps {
      text.append(key: "steps")
      text.append(steps)
    }
  }

  private mutating func append(_ key: String, _ value: String?) {
    guard let value else { return }
    text.append(key: key)
    text.append(string: value)
  }

  private mutating func append(_ key: String, _ value: Double?) {
    guard let value else { return }
    text.append(key: key)
    text.append(number: value)
  }

  private mutating func append(_ key: String, _ value: Int?) {
    guard let value else { return }
    text.append(key: key)
    text.append(raw: String(value))
  }

  /// The shortest decimal of a float, unless reading it as a double first would round it to a neighbour.
  private mutating func append(_ key: String, _ value: Float) {
    let short = Double(value.description) ?? Double(value)
    append(key, Float(short) == value ? short : Double(value))
  }
}

extension RecordEncoder {
  /// One user message is written as `prompt`, all else as `messages`. Where settings are not kept, only the sizes of schemas
  /// are known; of images never more than their number.
  private mutating func appendFields(of request: Request, _ settings: RequestSettings?) {
    if request.segments.count == 1, request.segments[0].role == .user {
      append("prompt", request.segments[0].text)
    } else {
      append(request.segments)
    }
    let attributes = request.attributes
    if settings?.json("tools") == nil {
      if !attributes.toolNames.isEmpty { append(toolNames: attributes.toolNames) }
      if attributes.toolSchemaBytes > 0 { append("tool_schema_bytes", attributes.toolSchemaBytes) }
    }
    if settings?.json("response_format") == nil {
      append(attributes.responseFormat)
      if attributes.responseSchemaBytes > 0 { append("response_schema_bytes", attributes.responseSchemaBytes) }
    }
    if attributes.imageCount > 0 { append("image_count", attributes.imageCount) }
    append("max_tokens", attributes.maximumOutputTokens)
    for member in settings?.members ?? [] {
      text.append(key: member.key)
      text.append(raw: member.json)
    }
  }

  private mutating func append(_ segments: [Segment]) {
    text.append(key: "messages")
    text.beginArray()
    for segment in segments {
      text.beginElement()
      text.beginObject()
      append("role", segment.role.name)
      append("content", segment.text)
      text.endObject()
    }
    text.endArray()
  }

  private mutating func append(toolNames: [String]) {
    text.append(key: "tools")
    text.beginArray()
    for name in toolNames {
      text.beginElement()
      text.beginObject()
      append("name", name)
      text.endObject()
    }
    text.endArray()
  }

  private mutating func append(_ format: ResponseFormat) {
    guard format != .text else { return }
    text.append(key: "response_format")
    text.beginObject()
    append("type", format == .jsonObject ? "json_object" : "json_schema")
    text.endObject()
  }
}

extension Role {
  /// The role's name in a log.
  fileprivate var name: String {
    switch self {
    case .system: "system"
    case .user: "user"
    case .assistant: "assistant"
    case .tool: "tool"
    }
  }
}
