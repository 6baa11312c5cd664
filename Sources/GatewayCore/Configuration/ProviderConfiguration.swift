package import ChatProtocols
package import TextKit

/// Where a provider is and how it is spoken to.
package struct ProviderConfiguration: Sendable, Hashable {
  package var name: String
  package var kind: ProviderKind

  /// Without a trailing slash: `https://api.openai.com/v1`. Plain HTTP is for loopback and private networks.
  package var baseURL: String

  /// The environment variables that hold keys, tried in order. Empty for a provider without keys.
  package var keyVariables: [String] = []

  /// The program that prints the key; then there are no ``keyVariables``.
  package var keyCommand: KeyCommand?

  /// The environment variables that hold further parts of the credentials, by the parts' names.
  package var furtherVariables: [String: String] = [:]

  /// Where in the world, for providers that have regions.
  package var region: String?

  /// Further headers to send. No secrets.
  package var headers: [String: String] = [:]

  /// The header that carries the key; `nil` for the one of the kind.
  package var keyHeader: String?

  /// A query to append to every path: `api-version=2024-10-21`.
  package var query: String?

  package var timeouts = TimeoutConfiguration()

  /// Calls at a time, each on a connection of its own but over HTTP/2; others wait for their turn.
  package var maximumConnections = 1024

  package init(name: String, kind: ProviderKind, baseURL: String) {
    self.name = name
    self.kind = kind
    self.baseURL = baseURL
  }
}

/// How long the parts of an attempt may take, in seconds.
package struct TimeoutConfiguration: Sendable, Hashable {
  /// Until one of the provider's connections is free.
  package var queue = 60.0
  /// Until there is a connection.
  package var connect = 5.0
  /// From the request sent to the first part of the answer: of a stream, its first content.
  package var firstToken = 60.0
  /// Between two parts of an answer.
  package var idle = 30.0
  /// For the whole attempt.
  package var total = 600.0

  package init() {}
}

/// A tier: its targets, and what they can do.
package struct TierConfiguration: Sendable, Hashable {
  package var name: String

  /// In the order in which they are tried, but for ``TargetConfiguration/weight``.
  package var targets: [TargetConfiguration]

  /// The most tokens of prompt and answer together; `nil` takes the least of its targets', from the catalogue.
  package var contextTokens: Int?
  package var hasTools = true
  package var hasJSON = true
  package var hasImages = true

  /// The typical time to an answer.
  package var latencyMilliseconds: Double?

  package init(name: String, targets: [TargetConfiguration]) {
    self.name = name
    self.targets = targets
  }
}

/// One model of one provider.
package struct TargetConfiguration: Sendable, Hashable {
  /// `provider/model` unless the file names it.
  package var name: String
  package var provider: String

  /// The provider's name of the model.
  package var model: String

  /// The share of the tier's requests that start here, relative to the others of the tier; at least 0. All 0: in order.
  package var weight: Double = 0

  /// The name in the price catalogue, where it is not the model's.
  package var priceName: String?

  /// Seconds until the first content of a stream; `nil` for the provider's. Models that think take longer than others.
  package var firstTokenSeconds: Double?

  /// What becomes of the parameters of requests.
  package var parameters = ParameterRules()

  /// What the model takes, where it is not as the price catalogue says.
  package var support = ModelSupport()

  /// Whether requests that would have to be changed are refused instead; `nil` for as the gateway does.
  package var isStrict: Bool?

  package init(name: String, provider: String, model: String) {
    self.name = name
    self.provider = provider
    self.model = model
  }

  /// What the model takes, by the catalogue's word and the configuration's.
  package func support(by price: Price?) -> ModelSupport { (price?.support ?? ModelSupport()).overridden(by: support) }
}
