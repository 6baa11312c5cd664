import TextKit

@testable import ChatProtocols

/// Amazon Bedrock as far as a gateway meets it, and as strict: the signature over what came, paths, shapes of
/// conversations.
struct BedrockService: Sendable {
  static let key = "AKIDEXAMPLE0000000AB"
  static let secret = "made/up+secret/of-forty-letters000000000"
  static let token = "IQoJb3JpZ2luX2VjEXAMPLE//token=="
  static let bearer = "ABSKQmVkcm9ja0FQSUtleQ=="
  static let model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
  let region = "eu-central-1"
  let port: Int

  func steps(for request: FaultUpstream.Received) -> [FaultUpstream.Step] {
    if let reason = refusal(of: request) { return [Self.error(403, reason, "refused")] }
    let parts = request.target.path.split(separator: "/").map(String.init)
    guard parts.count == 3, parts[0] == "model", ["converse", "converse-stream"].contains(parts[2]) else {
      return [Self.error(404, "UnknownOperationException", "no such operation")]
    }
    guard parts[1] == PathSegment.escaped(Self.model) else {
      return [Self.error(400, "ValidationException", "The provided model identifier is invalid.")]
    }
    guard request.values(of: "content-type") == ["application/json"], let body = try? JSONParser.parse(request.body)
    else {
      return [Self.error(400, "SerializationException", "no JSON")]
    }
    if let fault = BedrockShape.fault(in: body) { return [Self.error(400, "ValidationException", fault)] }
    let text = body["messages"]?.elements?.last?["content"]?.elements?.first?["text"]?.string ?? ""
    switch text {
    case "throttle": return [Self.error(429, "ThrottlingException", "Too many requests")]
    case "long": return [Self.error(400, "ValidationException", "Input is too long for requested model.")]
    case "denied": return [Self.error(403, "AccessDeniedException", "You don't have access to the model")]
    default: break
    }
    let hasTool = body["toolConfig"] != nil && text != ""
    guard parts[2] == "converse-stream" else { return [FaultUpstream.answer(Self.answer(calls: hasTool))] }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nconnection: close\r\n\r\n"
    let events = text == "break" ? Self.broken : Self.stream(calls: hasTool)
    return [.send(head)] + events.map { .sendBytes($0) } + [.close]
  }

  /// Why the credentials do not do; computed from the path, the headers and the body as they came.
  private func refusal(of request: FaultUpstream.Received) -> String? {
    let proofs = request.values(of: "authorization")
    guard proofs.count == 1, let proof = proofs.first else { return "MissingAuthenticationTokenException" }
    if proof == "Bearer " + Self.bearer { return nil }
    let names = proof.firstMatch(of: /SignedHeaders=([a-z0-9;-]+)/)?.1.split(separator: ";").map(String.init) ?? []
    guard ["content-type", "host", "x-amz-date"].allSatisfy(names.contains) else {
      return "IncompleteSignatureException"
    }
    let tokens = request.values(of: "x-amz-security-token")
    guard tokens.allSatisfy({ $0 == Self.token }) else { return "UnrecognizedClientException" }
    guard request.values(of: "host") == ["127.0.0.1:\(port)"] else { return "InvalidSignatureException" }
    let target = request.target
    var again = UpstreamRequest(
      path: ([target.path] + (target.query.isEmpty ? [] : [target.query.joined(separator: "&")])).joined(
        separator: "?"),
      headers: request.headers.filter { names.contains($0.name) && $0.name != "host" }, body: request.body)
    var others = ["secret": Self.secret, "region": region]
    others["session_token"] = tokens.first
    RequestSignature(service: "bedrock").sign(
      &again, Credentials(key: Self.key, others: others), baseURL: "http://127.0.0.1:\(port)",
      at: Self.seconds(request.values(of: "x-amz-date").first ?? "") ?? 0)
    return again.headers.first { $0.name == "authorization" }?.value == proof ? nil : "InvalidSignatureException"
  }

  /// Seconds since 1970 of `20260301T120000Z`.
  private static func seconds(_ date: String) -> Double? {
    guard let match = date.wholeMatch(of: /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/) else { return nil }
    let numbers = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int($0) }
    let days = CivilTime.days(year: numbers[0], month: numbers[1], day: numbers[2])
    return Double(days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
  }

  private static func error(_ status: Int, _ type: String, _ message: String) -> FaultUpstream.Step {
    FaultUpstream.answer(
      #"{"message":"\#(message)"}"#, status: "\(status) X",
      headers: ["x-amzn-errortype: \(type):http://internal.amazon.com/coral/", "x-amzn-requestid: r-1"])
  }

  private static let usage = #""usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}"#

  private static func answer(calls: Bool) -> String {
    let use = calls ? #",{"toolUse":{"toolUseId":"tooluse_1","name":"look","input":{"at":1}}}"# : ""
    return
      #"{"metrics":{"latencyMs":1},"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},{"text":"from bedrock"}\#(use)]}},"stopReason":"\#(calls ? "tool_use" : "end_turn")",\#(usage)}"#
  }

  private static func stream(calls: Bool) -> [[UInt8]] {
    var events = [
      ("messageStart", #"{"role":"assistant","p":"ab"}"#),
      ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#),
      ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2ln"}}}"#),
      ("contentBlockStop", #"{"contentBlockIndex":0}"#),
      ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"from "}}"#),
      ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"bedrock"}}"#),
      ("contentBlockStop", #"{"contentBlockIndex":1}"#),
    ]
    if calls {
      events += [
        ("contentBlockStart", #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"tooluse_1","name":"look"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"at\":1}"}}}"#),
        ("contentBlockStop", #"{"contentBlockIndex":2}"#),
      ]
    }
    events += [
      ("messageStop", #"{"stopReason":"\#(calls ? "tool_use" : "end_turn")"}"#),
      ("metadata", #"{\#(usage),"metrics":{"latencyMs":1}}"#),
    ]
    return events.map { EventStreamMessage.event($0, $1) }
  }

  private static let broken = [
    EventStreamMessage.event("messageStart", #"{"role":"assistant"}"#),
    EventStreamMessage.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"half"}}"#),
    EventStreamMessage.exception("modelStreamErrorException", #"{"message":"gone"}"#),
  ]
}

/// Messages of AWS's framing.
enum EventStreamMessage {
  static func event(_ name: String, _ payload: String) -> [UInt8] {
    message([(":message-type", "event"), (":event-type", name)], payload)
  }

  static func exception(_ name: String, _ payload: String) -> [UInt8] {
    message([(":message-type", "exception"), (":exception-type", name)], payload)
  }

  private static func message(_ headers: [(String, String)], _ payload: String) -> [UInt8] {
    let fields = headers.flatMap { name, value -> [UInt8] in
      [UInt8(name.utf8.count)] + Array(name.utf8) + [7] + word(UInt32(value.utf8.count)).suffix(2) + Array(value.utf8)
    }
    let lengths = word(UInt32(16 + fields.count + payload.utf8.count)) + word(UInt32(fields.count))
    let front = lengths + word(CRC32.of(lengths[...])) + fields + Array(payload.utf8)
    return front + word(CRC32.of(front[...]))
  }

  private static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 0xFF) } }
}

/// What Converse demands of a body, as its service says it.
enum BedrockShape {
  static func fault(in body: JSONNode) -> String? {
    let known: Set<String> = [
      "system", "messages", "inferenceConfig", "toolConfig", "outputConfig", "additionalModelRequestFields",
    ]
    if let key = body.members?.first(where: { !known.contains($0.key) })?.key { return "unknown field \(key)" }
    guard let messages = body["messages"]?.elements, messages.first?["role"]?.string == "user" else {
      return "A conversation must start with a user message."
    }
    for (left, right) in zip(messages, messages.dropFirst()) where left["role"] == right["role"] {
      return "roles must alternate"
    }
    var open: [String] = []
    var hasTools = false
    for message in messages {
      guard let blocks = message["content"]?.elements, !blocks.isEmpty else { return "The content field is empty." }
      let results = blocks.compactMap { $0["toolResult"]?["toolUseId"]?.string }
      guard open.sorted() == results.sorted() else { return "Expected toolResult blocks" }
      open = blocks.compactMap { $0["toolUse"]?["toolUseId"]?.string }
      hasTools = hasTools || !open.isEmpty || !results.isEmpty
      for block in blocks { if let fault = fault(of: block) { return fault } }
    }
    if hasTools, body["toolConfig"]?["tools"]?.elements?.isEmpty != false {
      return "The toolConfig field must be defined"
    }
    return nil
  }

  private static func fault(of block: JSONNode) -> String? {
    guard block.members?.count == 1 else { return "a block is a union" }
    if let text = block["text"]?.string, text.allSatisfy(\.isWhitespace) { return "The text field is blank." }
    if let id = block["toolUse"]?["toolUseId"]?.string, id.wholeMatch(of: /[a-zA-Z0-9_.:-]{1,64}/) == nil {
      return "toolUseId"
    }
    if let name = block["toolUse"]?["name"]?.string, name.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) == nil { return "name" }
    if block["toolUse"] != nil, block["toolUse"]?["input"]?.members == nil { return "input must be an object" }
    return nil
  }
}
