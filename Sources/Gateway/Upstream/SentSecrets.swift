import ChatProtocols

/// What a provider was sent that clients must not see, and that its errors may quote: a proxy that shows the headers of a
/// request it refuses shows the key with them.
struct SentSecrets {
  private let texts: [String]

  /// Stands in the place of a secret.
  private static let mark = "[withheld]"

  /// Shorter texts are no secrets, and would be found in the middle of words.
  private static let leastBytes = 6

  init(of key: ProviderKeys.Key, in provider: ProviderConnection) {
    var found: Set<String> = []
    if let credentials = key.credentials {
      found.insert(credentials.key)
      // A region is one of the parts, and no secret.
      found.formUnion(credentials.others.filter { $0.key != ProviderAddress.regionPart }.values)
      // A key may be a scheme and what follows it: each shows it.
      found.formUnion(credentials.key.split(separator: " ").dropFirst().map(String.init))
    }
    if let query = provider.configuration.query {
      found.formUnion(query.split(separator: "&").compactMap(Self.secret))
    }
    texts = found.filter { $0.utf8.count >= Self.leastBytes }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
  }

  /// The value of a part of a query that is a key by its name.
  private static func secret(_ part: Substring) -> String? {
    let pair = part.split(separator: "=", maxSplits: 1)
    guard pair.count == 2, ["key", "token", "secret", "sig"].contains(where: { pair[0].lowercased().contains($0) })
    else {
      return nil
    }
    return String(pair[1])
  }

  /// A failure whose words hold none of them.
  func removed(from failure: UpstreamFailure) -> UpstreamFailure {
    guard !texts.isEmpty else { return failure }
    var failure = failure
    failure.reason = removed(from: failure.reason)
    failure.clientMessage = failure.clientMessage.map(removed)
    failure.param = failure.param.map(removed)
    failure.providerRequestID = failure.providerRequestID.map(removed)
    return failure
  }

  func removed(from text: String) -> String {
    texts.reduce(text) { $0.contains($1) ? $0.replacing($1, with: Self.mark) : $0 }
  }

  /// The bytes of an error as it came.
  func removed(from bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let clean = removed(from: text)
    return clean == text ? bytes : Array(clean.utf8)
  }
}
