/// A kind of provider: all that tells it from the others, as one value.
///
/// A new kind is a folder beside the others, with a codec and its value, and one more name in ``allCases``.
package struct ProviderKind: Sendable {
  /// The name in the configuration file and in the price catalogue.
  package let rawValue: String

  /// How it is spoken to.
  package let codec: any ProviderCodec

  /// What proves who asks, and how it goes into a request.
  package let signer: any RequestSigner

  /// Where the public service is.
  package let defaultBaseURL: String

  /// The environment variable that holds the key of the public service; `nil` where none is asked for.
  package let defaultKeyVariable: String?

  /// Further parts of the credentials, such as a secret and a session token, by the environment variables that hold them.
  package let furtherVariables: [String: String]

  /// What OpenTelemetry calls it: `gen_ai.provider.name`.
  package let spanName: String

  /// Whether it answers from within the process: no connection, and no list price.
  package let isInProcess: Bool

  package init(
    _ name: String, codec: any ProviderCodec, signer: any RequestSigner, defaultBaseURL: String,
    defaultKeyVariable: String?, furtherVariables: [String: String] = [:], spanName: String, isInProcess: Bool = false
  ) {
    rawValue = name
    self.codec = codec
    self.signer = signer
    self.defaultBaseURL = defaultBaseURL
    self.defaultKeyVariable = defaultKeyVariable
    self.furtherVariables = furtherVariables
    self.spanName = spanName
    self.isInProcess = isInProcess
  }
}

extension ProviderKind: RawRepresentable, Hashable, CaseIterable {
  /// All kinds, in the order in which messages list them.
  package static let allCases: [ProviderKind] = [.openai, .anthropic, .gemini, .mock]

  /// The kind of a name.
  package init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }
}
