/// Whose credit and whose key an error is about, and what the content may not say.
extension ErrorFacts {
  var isQuotaExhausted: Bool {
    if hasCode(Self.quotaCodes) || isOfRequest && says(Self.quotaPhrases) { return true }
    return isOfAccount && saysOfAccount(Self.limitPhrases)
  }

  var isKeyRefused: Bool {
    if hasCode(Self.keyCodes) || status == 403 && says(Self.keyPhrases) { return true }
    return isOfAccount && saysOfAccount(Self.refusedKeyPhrases)
  }

  /// Statuses with which services refuse an account. 429 is none: its limits may be those of a minute.
  private var isOfAccount: Bool { [400, 403, 412, 422].contains(status ?? 500) }

  /// Whether the message begins with plain words about the account.
  ///
  /// A 400 may quote what a client sent, and a client must not be able to put a key to rest that others use too: phrases
  /// behind a quotation, a path or a colon do not count, nor where a field is refused.
  private func saysOfAccount(_ phrases: [String]) -> Bool {
    guard let text = message?.prefix(2000).lowercased() else { return false }
    guard status == 400 || status == 422 else { return phrases.contains(where: text.contains) }
    guard !Self.fieldPhrases.contains(where: text.contains) else { return false }
    let plain = text.prefix { $0.isLetter || $0.isNumber || " ,-'’".contains($0) }
    return phrases.contains(where: plain.contains)
  }

  private static let fieldPhrases = [
    "extra inputs", "not permitted", "unknown", "unrecognized", "unexpected", "field required", "should be", "must be",
  ]

  static let contentCodes: Set<String> = [
    "content_filter", "content_policy_violation", "contentfiltered", "responsibleaipolicyviolation",
    "content_filter_error", "moderation_blocked",
  ]
  private static let quotaCodes: Set<String> = [
    "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
    "exceeded_current_quota_error", "billing_error", "insufficient_credits", "arrearage", "accountoverdueerror",
  ]
  private static let quotaPhrases = [
    "credit balance is too low", "insufficient credits", "insufficient balance", "exceeded your current quota",
    "out of call volume quota",
  ]
  private static let limitPhrases = [
    "usage limit", "spending limit", "spend limit", "good standing", "in arrears", "overdue", "past invoices",
    "out of credit", "not enough credit", "no credits", "account is suspended", "account has been suspended",
    "is suspended, possibly",
  ]
  static let affordPhrases = ["can only afford", "or fewer max_tokens"]
  private static let keyCodes: Set<String> = [
    "invalid_api_key", "api_key_invalid", "authentication_error", "account_deactivated", "consumer_suspended",
    "api_key_service_blocked", "invalid_authentication", "key_expired", "api_key_expired", "api_key_disabled",
    "invalidapikey",
  ]
  private static let keyPhrases = [
    "api key", "api-key", "apikey", "access token", "account has been", "account is", "organization has been disabled",
    "unauthorized key", "consumer has been suspended",
  ]
  private static let refusedKeyPhrases = [
    "api key not valid", "api key is not valid", "api key is invalid", "invalid api key", "invalid api-key",
    "incorrect api key", "api key expired", "api key has expired", "api key has been", "api key not found",
    "organization has been disabled", "organization is disabled", "organization has been suspended",
    "account has been disabled", "account has been deactivated", "account is disabled", "account is deactivated",
    "account is not active", "project has been disabled", "workspace has been disabled",
  ]
}
