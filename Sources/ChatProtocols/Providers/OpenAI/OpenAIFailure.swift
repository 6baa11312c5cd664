import TextKit

/// What OpenAI's errors mean. Source: OpenAI API reference, "Error codes", and the forms of compatible services:
/// `{"error": {…}}`, also with Azure's `innererror`, `{"error": "…"}`, `[{"error": …}]`, `{"message": …}`, `{"detail": …}`.
enum OpenAIFailure {
  static func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    var facts = (try? JSONParser.parse(body)).map(facts) ?? ErrorFacts()
    facts.status = status
    facts.retryAfterSeconds = RetryAfter.seconds(in: headers)
    return facts.failure(facts.kind)
  }

  /// The error in a body or a chunk that came with status 200; `nil` where there is none.
  /// - Parameter event: the name of the event, where it has one.
  static func failure(in root: JSONNode, event: String? = nil) -> UpstreamFailure? {
    if let failure = failure(of: root) { return failure }
    guard event == "error" && !isAnswer(root) || isBareError(root) else { return nil }
    return failure(root, status: root)
  }

  /// The error that an answer, a chunk or a choice has in its own field. Some servers send that field empty beside each
  /// good answer.
  static func failure(of node: JSONNode) -> UpstreamFailure? {
    guard let error = node["error"], error.members != nil || error.string != nil, !isEmpty(error) else { return nil }
    return failure(node, status: error)
  }

  private static func failure(_ root: JSONNode, status node: JSONNode) -> UpstreamFailure {
    var facts = facts(of: root)
    facts.status = status(of: node, facts)
    return facts.failure(facts.kind)
  }

  private static func isAnswer(_ root: JSONNode) -> Bool {
    root["choices"]?.elements?.isEmpty == false || root["usage"]?.members != nil
  }

  /// Whether an object that answers nothing reports an error without a field for it: `{"object": "error"}` of Mistral and
  /// older vLLM, FastChat's `error_code`, FastAPI's `detail`, and a code or nothing beside a message.
  private static func isBareError(_ root: JSONNode) -> Bool {
    guard !isAnswer(root) else { return false }
    if ["object", "type", "status", "event"].contains(where: { root[$0]?.string?.lowercased() == "error" }) {
      return true
    }
    let names = ["error_code", "error_message", "error_msg", "errors", "detail", "exception"]
    if names.contains(where: { root[$0].map { !isEmpty($0) } ?? false }) { return true }
    guard root["message"]?.string ?? root["msg"]?.string != nil else { return false }
    let codes = ["code", "status_code", "statusCode"].compactMap { root[$0] }
    guard codes.isEmpty else { return codes.contains { !isSuccess($0) } }
    return root["id"] == nil && root["object"] == nil && root["type"] == nil && root["choices"] == nil
  }

  private static func isSuccess(_ code: JSONNode) -> Bool {
    if let number = code.integer { return number == 0 || (200..<300).contains(number) }
    return ["", "0", "200", "ok", "success"].contains(code.string?.lowercased() ?? "")
  }

  /// Whether a value says nothing, down to its parts.
  private static func isEmpty(_ node: JSONNode) -> Bool {
    if let members = node.members { return members.allSatisfy { isEmpty($0.value) } }
    if let elements = node.elements { return elements.allSatisfy(isEmpty) }
    if let text = node.string { return text.isEmpty }
    return node.isNull || node.integer == 0 || node.boolean == false
  }

  private static func facts(of root: JSONNode) -> ErrorFacts {
    let root = root.elements?.first ?? root
    let error = root["error"].flatMap { isEmpty($0) ? nil : $0 } ?? root
    var facts = ErrorFacts()
    let names = [error["code"], error["type"], error["status"], error["innererror"]?["code"], root["error_type"]]
    facts.codes = names.compactMap { $0?.string ?? $0?.integer.map(String.init) }
    if error["metadata"]?["reasons"] != nil { facts.codes.append("content_policy_violation") }
    // llama.cpp counts, whatever it says.
    if let limit = error["n_ctx"]?.integer, let count = error["n_prompt_tokens"]?.integer, count > limit {
      facts.codes.append("exceed_context_size_error")
    }
    facts.message = error["message"]?.string ?? error.string ?? root["message"]?.string ?? root["detail"]?.string
    let details = (error["message"]?["detail"] ?? root["detail"])?.elements?.first
    facts.param = error["param"]?.string ?? details.flatMap { path($0["loc"]) }
    facts.message = facts.message ?? details?["msg"]?.string
    return facts
  }

  /// FastAPI's place of an error, as a path below the body.
  private static func path(_ location: JSONNode?) -> String? {
    let steps = (location?.elements ?? []).compactMap { $0.string ?? $0.integer.map(String.init) }
    let inside = steps.first == "body" ? steps.dropFirst() : steps[...]
    return inside.isEmpty ? nil : inside.joined(separator: ".")
  }

  /// OpenRouter says the status as a number; others by names alone.
  private static func status(of error: JSONNode, _ facts: ErrorFacts) -> Int? {
    if let status = (error["code"] ?? error["status"])?.integer, (400..<600).contains(status) { return status }
    if facts.hasCode(["rate_limit_exceeded", "rate_limit_error", "requests", "tokens"]) { return 429 }
    if facts.hasCode(["invalid_request_error", "badrequesterror"]) { return 400 }
    return nil
  }
}
