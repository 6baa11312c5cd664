/// What browsers ask before a web page of another origin may read an answer. Source: WHATWG Fetch, "CORS protocol".
///
/// Pages of configured origins may ask with any header; the others, and all where none is configured, are told nothing, so
/// that browsers keep the answer from them.
struct CrossOrigin {
  /// `https://app.example.org`; `*` stands for all.
  let origins: [String]

  /// The headers of every answer to a page of an origin.
  func headers(for origin: String?) -> [(name: String, value: String)] {
    guard !origins.isEmpty, let origin, isAllowed(origin) else { return [] }
    return [
      ("access-control-allow-origin", origin), ("vary", "origin"), ("access-control-expose-headers", "*"),
    ]
  }

  /// The answer to the question whether a request may be sent; `nil` where that is not asked, or not allowed.
  func preflight(of request: IncomingRequest) -> OutgoingResponse? {
    guard !origins.isEmpty, request.method == "OPTIONS", request.header("access-control-request-method") != nil,
      let origin = request.header("origin"), isAllowed(origin)
    else { return nil }
    let asked = request.header("access-control-request-headers") ?? "authorization, content-type"
    return OutgoingResponse(
      headers: [
        ("access-control-allow-methods", "GET, POST, HEAD, DELETE"), ("access-control-allow-headers", asked),
        ("access-control-max-age", "600"),
      ], body: .whole([]))
  }

  private func isAllowed(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }
}
