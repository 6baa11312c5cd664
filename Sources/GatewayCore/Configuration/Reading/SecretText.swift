/// Recognises texts that look like secrets, so that no message quotes one and no file keeps one.
enum SecretText {
  /// How the keys of well-known services begin.
  private static let prefixes = [
    "sk-", "sk_", "gsk_", "xai-", "AIza", "AKIA", "ghp_", "github_pat_", "hf_", "r8_", "pplx-", "nvapi-", "Bearer ",
    "bearer ", "Basic ",
  ]

  /// Whether a text begins as a key does and is as long as one.
  static func looksLikeOne(_ text: String) -> Bool {
    text.utf8.count >= 16 && prefixes.contains { text.hasPrefix($0) }
  }

  /// Keys of the file under which people write secrets.
  static let fieldNames: Set<String> = [
    "key", "api_key", "apikey", "api-key", "token", "api_token", "access_token", "secret", "password", "authorization",
    "x-api-key", "x-goog-api-key", "bearer_token", "master_key", "admin_key",
  ]

  /// A value of the file for messages: a short word in quotes, anything else by its length.
  static func shown(_ text: String) -> String {
    if text.isEmpty { return "nothing" }
    return isShowable(text, maximumBytes: 40) ? "\"\(text)\"" : length(text)
  }

  /// A value by its length.
  static func length(_ text: String) -> String { "a string of \(text.utf8.count) bytes" }

  /// A name of the file as a part of a path.
  static func label(_ name: String) -> String { isShowable(name, maximumBytes: 128) ? name : "…" }

  /// Whether a text is short, of one line, and no word of it looks like a secret.
  private static func isShowable(_ text: String, maximumBytes: Int) -> Bool {
    guard text.utf8.count <= maximumBytes, text.unicodeScalars.allSatisfy(isPlain) else { return false }
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")) }
    return !looksLikeOne(text) && !words.contains { looksLikeOne(String($0)) }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
