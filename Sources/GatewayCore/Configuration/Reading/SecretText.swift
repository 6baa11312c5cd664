/// Tells texts that look like secrets, so that no message quotes one and no file keeps one.
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
    if looksLikeOne(text) || text.utf8.count > 40 { return "a text of \(text.utf8.count) bytes" }
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return "\"\(text)\"" }
    return "a text of \(text.utf8.count) bytes"
  }
}
