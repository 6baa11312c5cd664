/// A kind of provider: all that distinguishes it from the others, as one value.
///
/// A new kind is a folder beside the others, with a codec and its value, and one more name in ``allCases``.
package struct ProviderKind: Sendable {
  /// The name in the configuration file and in the price catalogue.
  package let rawValue: String

  /// How it is spoken to.
  package let codec: any ProviderCodec

  /// What proves who asks, and how it goes into a request.
  package let signer: any RequestSigner

  /// Where it is, from what the configuration says about that.
  package let address: ProviderAddress.Rule

  /// The environment variable that holds the key of the public service; `nil` where none is asked for.
  package let defaultKeyVariable: String?

  /// Further parts of the credentials, such as a secret and a session token.
  package let furtherParts: [CredentialPart]

  /// What OpenTelemetry calls it: `gen_ai.provider.name`.
  package let spanName: String

  /// Whether it is an in-process mock: no connection, and no list price.
  package let isInProcess: Bool

  package init(
    _ name: String, codec: any ProviderCodec, signer: any RequestSigner, address: @escaping ProviderAddress.Rule,
    defaultKeyVariable: String?, furtherParts: [CredentialPart] = [], spanName: String, isInProcess: Bool = false
  ) {
    rawValue = name
    self.codec = codec
    self.signer = signer
    self.address = address
    self.defaultKeyVariable = defaultKeyVariable
    self.furtherParts = furtherParts
    self.spanName = spanName
    self.isInProcess = isInProcess
  }
}

extension ProviderKind: RawRepresentable, Hashable, CaseIterable {
  /// All kinds, in the order in which messages list them.
  package static let allCases: [ProviderKind] = [.openai, .anthropic, .gemini, .azure, .bedrock, .vertex, .mock]

  /// The kind of a name.
  package init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }
}
