import TextKit

/// What Bedrock's errors mean: a type in a header or a body, and `{"message": …}`. Source: Amazon Bedrock API Reference,
/// "Converse", "Common errors" and "Troubleshooting".
enum BedrockFailure {
  static func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    let root = (try? JSONParser.parse(body)) ?? .null
    let header = headers.first { $0.name == "x-amzn-errortype" }?.value
    var facts = facts(type: header ?? root["__type"]?.string ?? root["code"]?.string, root)
    facts.status = status
    facts.retryAfterSeconds = RetryAfter.seconds(in: headers)
    return facts.failure(kind(of: facts))
  }

  /// An exception in the middle of a stream.
  static func failure(exception name: String, _ data: [UInt8]) -> UpstreamFailure {
    var facts = facts(type: name, (try? JSONParser.parse(data)) ?? .null)
    facts.status = status(of: facts.codes.first?.lowercased() ?? "")
    return facts.failure(kind(of: facts))
  }

  /// - Parameter type: `com.amazon#ThrottlingException:http://…`, of which the name in the middle counts.
  private static func facts(type: String?, _ root: JSONNode) -> ErrorFacts {
    var facts = ErrorFacts()
    let name = type?.prefix { $0 != ":" }.split(separator: "#").last
    facts.codes = name.map { [String($0)] } ?? []
    facts.message = root["message"]?.string ?? root["Message"]?.string
    return facts
  }

  private static func status(of name: String) -> Int? {
    switch name {
    case "validationexception": 400
    case "accessdeniedexception": 403
    case "throttlingexception": 429
    case "modeltimeoutexception": 408
    case "serviceunavailableexception": 503
    case "modelstreamerrorexception", "modelerrorexception": 424
    default: nil
    }
  }

  private static func kind(of facts: ErrorFacts) -> UpstreamFailure.Kind {
    switch facts.codes.first?.lowercased() {
    case "throttlingexception", "toomanyrequestsexception", "servicequotaexceededexception": .rateLimited
    case "unrecognizedclientexception", "invalidsignatureexception", "missingauthenticationtokenexception",
      "missingauthenticationtoken", "incompletesignatureexception", "incompletesignature", "expiredtokenexception",
      "expiredtoken", "invalidclienttokenid", "signaturedoesnotmatch", "optinrequired":
      .keyRefused
    case "accessdeniedexception": accessKind(facts)
    case "resourcenotfoundexception": .modelUnavailable
    case "modeltimeoutexception": .timeout
    case "modelerrorexception", "modelstreamerrorexception", "modelnotreadyexception", "internalserverexception",
      "serviceunavailableexception", "internalfailure", "serviceunavailable":
      .serverError
    case "validationexception": validationKind(facts)
    case nil where facts.status == 424: .serverError
    default: facts.kind
    }
  }

  /// Denied: the model to this account or role, the key, or no one knows.
  private static func accessKind(_ facts: ErrorFacts) -> UpstreamFailure.Kind {
    if facts.says(["security token", "bearer token", "api key"]) { return .keyRefused }
    let isOfModel = facts.says([
      "access to the model", "foundation-model", "inference-profile", "model access", "legacy",
      "model is not available",
    ])
    return isOfModel ? .modelUnavailable : .forbidden
  }

  private static func validationKind(_ facts: ErrorFacts) -> UpstreamFailure.Kind {
    if facts.says(["content filter", "blocked by"]) { return .contentFiltered }
    let isOfModel = facts.says([
      "model identifier is invalid", "on-demand throughput", "operation not allowed", "model id is not",
      "inference profile",
    ])
    if isOfModel { return .modelUnavailable }
    if facts.says(["too long for requested model", "exceed context limit", "input is too long", "input tokens exceed"])
    {
      return .contextTooLong
    }
    return facts.kind
  }
}
