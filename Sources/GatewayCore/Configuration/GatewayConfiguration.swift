package import ChatProtocols
import Ockham

/// Everything that the configuration file says, checked: names resolve, numbers are in range.
///
/// Secrets are not in it, only the names of the environment variables that hold them.
package struct GatewayConfiguration: Sendable, Hashable {
  /// How many tiers there can be: as many as a model may have, and one where nothing is to choose.
  package static let tierCount = 1...TierCount.range.upperBound

  /// Where to listen.
  package var listen = ListenAddress(host: "127.0.0.1", port: 8080)

  /// The folder or file of the model that scores; `nil` for the default model.
  package var modelPath: String?

  /// The registry whose versions score, incumbent and candidate; `nil` where ``modelPath`` says which model does.
  package var registryPath: String?

  /// Whether a model scores at all: without one, names, rules and limits decide, and `auto` takes the cheapest tier.
  package var hasModel = true

  /// Whether this is the demo, whose log is made up when it starts: anyone who shows figures says so.
  package var isDemo = false

  /// Providers by name.
  package var providers: [String: ProviderConfiguration] = [:]

  /// The tiers, cheapest first, with the names that the model has.
  package var tiers: [TierConfiguration] = []

  /// Targets that are in no tier: reached by name only, such as embedding models.
  package var extraTargets: [TargetConfiguration] = []

  /// Policies by name; `default` is always there.
  package var policies: [String: PolicyConfiguration] = ["default": PolicyConfiguration()]

  /// What is only watched; `nil` where all decisions are followed.
  package var observe: ObserveConfiguration?

  /// What is compared on live traffic, in the file's order.
  package var experiments: [ExperimentConfiguration] = []

  /// Looked at in order; see ``Rule``.
  package var rules: [Rule] = []

  /// Paths that are passed to a target as they are; the first that takes a path counts.
  package var passthrough: [PassthroughConfiguration] = []

  /// What becomes of tools that run at one provider, where another is to answer.
  package var hostedTools = HostedToolRule.keep

  /// Seconds after which a client that waits for a stream is told that it is worked on, again and again; `nil` for never.
  package var keepAliveSeconds: Double?

  package var sessions = SessionConfiguration()

  /// Decisions that are remembered for repeated prompts; 0 for none.
  package var decisionCacheEntries = 4096

  package var retries = RetryConfiguration()
  package var breaker = BreakerConfiguration()
  package var limits = LimitConfiguration()
  package var connections = ConnectionLimits()

  /// Responses that are kept, so that clients can go on from them; `nil` keeps none.
  package var storedResponses: StoredResponsesConfiguration?

  /// Virtual keys. Without any, no key is asked for.
  package var keys: [KeyConfiguration] = []

  /// Origins of web pages that may ask, such as `https://app.example.org`; `*` for all. Without any, browsers keep the
  /// gateway's answers from pages.
  package var corsOrigins: [String] = []

  /// Names that clients may call a gateway by which asks for no key and listens on loopback, beside those of this machine; `*`
  /// for any.
  package var allowedHosts: [String] = []

  /// The environment variable with the key of `/admin/*`; without it these answer to loopback only.
  package var adminKeyVariable: String?

  /// The operator's page; `nil` for none.
  package var admin: AdminConfiguration?

  /// A price catalogue whose entries win over the shipped ones.
  package var pricesPath: String?

  package var telemetry = TelemetryConfiguration()

  /// Copies of requests that other tiers are asked for labels; `nil` for none.
  package var shadow: ShadowConfiguration?

  /// Who is notified of alerts.
  package var alerts = AlertConfiguration()

  /// The watch on the gateway's own traffic; `nil` for none.
  package var drift: DriftConfiguration?

  /// Prompts that targets are asked again and again; `nil` for none.
  package var canaryPrompts: CanaryPromptConfiguration?

  /// Whether requests are refused that would have to be changed for a target, unless the target says otherwise.
  package var isStrict = false

  package init() {}
}

/// The programs' limits: beyond them requests are refused or shed, never queued without bound.
package struct LimitConfiguration: Sendable, Hashable {
  /// The longest request body.
  package var bodyBytes = 32 << 20
  /// The bodies of all requests that are here, together; no one holds more than eight times what is free.
  package var bufferedBytes = 128 << 20
  /// The longest answer that is held in memory.
  package var answerBytes = 64 << 20
  /// Requests that are worked on at a time.
  package var concurrentRequests = 1024
  /// Requests that wait for their turn; one more is answered with 503 and Retry-After.
  package var queuedRequests = 1024
  /// How long SIGTERM waits for requests in progress.
  package var drainSeconds = 30.0

  package init() {}
}

package struct SessionConfiguration: Sendable, Hashable {
  /// Whether a conversation keeps its tier.
  package var isSticky = true
  /// The header that names a conversation; without it the first messages do.
  package var header = "x-ockham-session"
  /// How long a conversation is remembered after its last request.
  package var timeToLiveSeconds = 3600.0
  /// Conversations that are remembered at most; the oldest goes first.
  package var capacity = 65_536
  /// A conversation changes its tier only where the gain beats its threshold and the tier's lost prompt cache is paid
  /// for: the discount on what the provider has cached of the conversation counts as cost of moving.
  package var weighsCache = true
  /// How many turns in a row must do with a cheaper tier before the conversation may move down; 1 for the first.
  package var lowerTurns = 3

  package init() {}
}

/// What is kept of `/v1/responses`, in memory alone: texts of prompts and answers are among it.
package struct StoredResponsesConfiguration: Sendable, Hashable {
  /// How long a response is kept.
  package var timeToLiveSeconds = 3600.0
  /// Responses at most; the oldest goes first.
  package var entries = 4096
  /// Bytes of all of them at most.
  package var bytes = 64 << 20

  package init() {}
}

package struct RetryConfiguration: Sendable, Hashable {
  /// Tries of one target within one request, the first among them; at least 1.
  package var attemptsPerTarget = 2
  /// The pause before the first retry; doubled for each further one.
  package var baseMilliseconds = 250.0
  /// The longest pause; a longer Retry-After moves on to the next target instead.
  package var maximumMilliseconds = 5000.0
  /// The share of a pause that is random: 0.2 for ±20 %.
  package var jitter = 0.2
  /// Whether the next tiers up are tried when every target of the chosen tier failed.
  package var escalates = true

  package init() {}
}

package struct BreakerConfiguration: Sendable, Hashable {
  /// Failures are counted over this long.
  package var windowSeconds = 60.0
  /// Fewer requests than this in the window never open the breaker.
  package var minimumRequests = 10
  /// The share of failures that opens it, above 0 and at most 1.
  package var failureRate = 0.5
  /// How long it stays open before one request may probe.
  package var cooldownSeconds = 30.0

  package init() {}
}

package struct TelemetryConfiguration: Sendable, Hashable {
  /// What of a prompt is kept.
  package enum Prompts: String, Sendable, Hashable, CaseIterable {
    /// Length, hash and features: enough to train on.
    case features
    /// The request as it came.
    case full
    /// Length and hash only.
    case none
  }

  /// The database; `nil` keeps nothing.
  package var path: String? = "gateway.sqlite"
  package var prompts = Prompts.features
  /// Rows older than this are deleted; `nil` keeps all.
  package var retentionDays: Double?
  /// Records that wait to be written at most; more are dropped and counted.
  package var queueRecords = 8192
  /// The base URL of an OTLP/HTTP collector; `nil` sends no spans.
  package var otlpEndpoint: String?

  package init() {}
}
