/// The headers of every answer of the operator's page.
enum PageHeaders {
  /// Nothing from elsewhere is loaded, asked or framed, nothing inline is run, and no one keeps a copy. Referrers stay within, for
  /// without any a browser names no origin with a form.
  static let all: [(name: String, value: String)] = [
    (
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"
    ),
    ("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"), ("cache-control", "no-store"),
  ]
}
