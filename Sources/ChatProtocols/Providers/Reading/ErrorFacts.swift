/// What a provider's error says, before it is known what that means. Any part may be missing: bodies are cut, empty or
/// pages of a proxy.
struct ErrorFacts {
  var status: Int?
  /// Names of the error, most specific first: `code`, `type`, `status`.
  var codes: [String] = []
  var message: String?
  var param: String?
  var retryAfterSeconds: Double?

  /// Whether one of the names is one of these.
  func hasCode(_ names: Set<String>) -> Bool { codes.contains { names.contains($0.lowercased()) } }

  /// Whether the message has one of these phrases, in lower case.
  func says(_ phrases: [String]) -> Bool {
    guard let message = message?.prefix(2000).lowercased() else { return false }
    return phrases.contains { message.contains($0) }
  }

  /// The failure of a kind. Only errors of the request's own making carry the provider's words.
  func failure(_ kind: UpstreamFailure.Kind) -> UpstreamFailure {
    let isOfRequest = kind.isOfRequest
    return UpstreamFailure(
      kind, status: status, retryAfterSeconds: retryAfterSeconds, reason: reason,
      clientMessage: isOfRequest ? message.map { String($0.prefix(1000)) } : nil,
      param: isOfRequest ? param.map { String($0.prefix(200)) } : nil)
  }

  /// The first name that can only be a name: short, of lower- or upper-case letters and underscores.
  private var reason: String {
    let name = codes.first { code in
      !code.isEmpty && code.utf8.count <= 48
        && code.utf8.allSatisfy {
          switch $0 {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
          default: false
          }
        }
    }
    return name ?? status.map { "status \($0)" } ?? "an error without a name"
  }
}
