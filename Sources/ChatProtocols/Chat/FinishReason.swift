/// Why a model stopped.
package enum FinishReason: Sendable, Hashable {
  case stop
  case length
  case toolCalls
  case contentFilter
  /// A reason that no API format shares, as the provider spells it.
  case other(String)
}

extension FinishReason {
  /// The reason of a name that any server uses, whatever its case; `nil` for an empty name, which is none.
  package init?(named name: String) {
    let plain = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    guard !plain.isEmpty else { return nil }
    self = Self.names[plain] ?? .other(name.lowercased())
  }

  /// Whether a name says that the server gave up: what came before is no whole answer.
  package static func isFailure(_ name: String) -> Bool { failures.contains(name.lowercased()) }

  private static let failures: Set<String> = [
    "error", "abort", "aborted", "cancelled", "canceled", "network_error", "insufficient_system_resource",
    "engine_error", "internal_error", "server_error", "timeout",
  ]

  private static let names: [String: FinishReason] = {
    var names: [String: FinishReason] = [:]
    for name in ["stop", "eos", "eostoken", "endturn", "stopsequence", "end", "complete", "completed", "finish"] {
      names[name] = .stop
    }
    for name in ["finished", "stopstr", "stopstring", "stoptoken", "endofturn", "endoftext"] { names[name] = .stop }
    for name in [
      "length", "maxtokens", "maxoutputtokens", "maxlength", "maxnewtokens", "maxtoken", "modellength", "lengthlimit",
      "tokenlimit", "modelcontextwindowexceeded", "contextlength", "contextwindowexceeded", "incomplete",
    ] { names[name] = .length }
    for name in ["toolcalls", "toolcall", "tooluse", "functioncall", "functioncalls", "tools"] {
      names[name] = .toolCalls
    }
    for name in [
      "contentfilter", "contentfiltered", "safety", "recitation", "refusal", "blocklist", "prohibitedcontent", "spii",
      "imagesafety", "imageprohibitedcontent", "guardrailintervened", "sensitive", "moderation", "blocked", "language",
    ] { names[name] = .contentFilter }
    return names
  }()
}
