import ChatProtocols
import Evaluation
import GatewayCore
import Judging
import Logging
import Ockham
import ServiceLifecycle
import TextKit

/// Asks targets the same few prompts again and again, and raises an alert where one answers worse than it did: what a provider changes silently
/// shows here before any label.
///
/// The prompts go over the targets' own connections, within dollars of their own, one after the other, and never while clients wait.
struct CanaryPromptService: Service {
  let gateway: SwappableGateway

  func run() async throws {
    let clock = gateway.shared.clock
    await cancelWhenGracefulShutdown {
      var rounds = CanaryRounds(gateway.shared)
      while !Task.isCancelled {
        let runtime = gateway.runtime
        if let canary = runtime.configuration.canaryPrompts {
          rounds.follow(canary, runtime)
          await rounds.ask(canary, runtime)
        }
        let pause = runtime.configuration.canaryPrompts?.everySeconds ?? Self.idleSeconds
        do { try await clock.sleep(pause) } catch { return }
      }
    }
  }

  /// How soon a reload that asks for prompts is noticed.
  private static let idleSeconds = 5.0
}

/// What is known of each target's answers.
struct CanaryRounds {
  private let services: SharedResources
  private var configuration: CanaryPromptConfiguration?
  private var targets: [UpstreamTarget] = []
  /// By the target's place.
  private var watches: [CanaryPrompts] = []

  init(_ services: SharedResources) { self.services = services }

  /// How long answers are kept.
  private static let keptSeconds = 60.0 * 86_400
  /// The name of the account that prompts are booked on; no virtual key can have it.
  private static let accountName = "(canary prompts)"

  /// Takes over what a configuration asks for, and what is known from before.
  mutating func follow(_ canary: CanaryPromptConfiguration, _ runtime: ConfiguredGateway) {
    let tiers = runtime.tierNames.indices.flatMap { runtime.targets.targets(ofTier: $0) }
    let wanted = canary.targets.isEmpty ? tiers : canary.targets.compactMap { runtime.targets[$0] }
    let isSame = configuration == canary && wanted.map(Self.name) == targets.map(Self.name)
    targets = wanted
    guard !isSame else { return }
    configuration = canary
    watches = wanted.map { _ in
      CanaryPrompts(
        prompts: canary.prompts.count, daysToFalseAlarm: 365,
        asksPerDay: Double(canary.prompts.count) * 86_400 / canary.everySeconds, targets: wanted.count,
        referenceRounds: canary.referenceRounds)
    }
    let places = Dictionary(wanted.enumerated().map { (Self.name($1), $0) }) { first, _ in first }
    let prompts = Dictionary(canary.prompts.enumerated().map { (Self.name($1), $0) }) { first, _ in first }
    for answer in (try? services.watch?.canaryAnswers()) ?? [] {
      guard let place = places[answer.target], let prompt = prompts[answer.prompt] else { continue }
      watches[place].add(prompt, answer.isGood)
    }
  }

  /// A target, and what of its configuration its answers depend on.
  private static func name(_ target: UpstreamTarget) -> String {
    target.name + " " + ContentHash(target.configuration.provider + "\n" + target.configuration.model).value.hexadecimal
  }

  /// A prompt and what it expects, by their hash: no text is kept.
  private static func name(_ prompt: CanaryPromptConfiguration.Prompt) -> String {
    ContentHash("\(prompt.text)\n\(prompt.expectation)").value.hexadecimal
  }

  /// One round: every prompt of every target.
  mutating func ask(_ canary: CanaryPromptConfiguration, _ runtime: ConfiguredGateway) async {
    var answers: [CanaryAnswer] = []
    for (place, target) in targets.enumerated() {
      for (number, prompt) in canary.prompts.enumerated() {
        if Task.isCancelled { return }
        while services.admission.counts.waiting > 0, (try? await services.clock.sleep(0.1)) != nil {}
        guard let answer = await answer(prompt, target, canary, runtime) else {
          services.metrics.canaryPrompts[target.name, "failed"].add()
          continue
        }
        let isGood = prompt.accepts(answer.text)
        services.metrics.canaryPrompts[target.name, isGood ? "good" : "bad"].add()
        watches[place].add(number, isGood)
        answers.append(
          CanaryAnswer(
            time: services.clock.unixSeconds(), target: Self.name(target), prompt: Self.name(prompt), isGood: isGood,
            costUSD: answer.costUSD))
      }
    }
    keep(answers)
    for (place, target) in targets.enumerated() { notify(watches[place], target) }
  }

  /// `nil` where the target did not answer: nothing is known then of how it would have.
  private func answer(
    _ prompt: CanaryPromptConfiguration.Prompt, _ target: UpstreamTarget, _ canary: CanaryPromptConfiguration,
    _ runtime: ConfiguredGateway
  ) async -> (text: String, costUSD: Double?)? {
    let request = ChatRequest(
      canaryPrompt: prompt.text, model: target.configuration.model, maximumTokens: canary.maximumTokens)
    var account = KeyConfiguration(name: Self.accountName, sha256: "")
    account.dailyBudgetUSD = canary.dailyBudgetUSD
    let bounds = { (usage: (TokenBounds) -> TokenUsage) in
      target.price.flatMap { $0.costUSD(of: usage(target.bounds(of: request))) }
    }
    let claim = Claim(key: account, tokens: 0, estimateUSD: bounds(\.expected), mostUSD: bounds(\.most))
    let now = services.clock.unixSeconds()
    guard let reservation = try? await services.ledger.reserve(claim, at: now) else { return nil }
    let outcome = await runtime.execution.answer(request, over: [target], presence: ConnectionMonitor())
    services.ledger.settle(reservation, outcome.attempts.settlement, at: services.clock.unixSeconds())
    return outcome.answer.map {
      (ShownText.answer(GivenAnswer(firstOf: $0.answer)), outcome.attempts.last?.costUSD)
    }
  }

  private func keep(_ answers: [CanaryAnswer]) {
    guard let store = services.watch else { return }
    do throws(TelemetryStoreError) {
      try store.write(answers, deletingBefore: services.clock.unixSeconds() - Self.keptSeconds)
    } catch { services.logger.warning("answers to fixed prompts cannot be kept", metadata: ["error": "\(error)"]) }
  }

  private func notify(_ watch: CanaryPrompts, _ target: UpstreamTarget) {
    let name = "canary prompts \(target.name)"
    guard watch.hasAlarm else {
      services.alerts.clear(name, cause: "the target answers the fixed prompts as before")
      return
    }
    let (before, now) = watch.shares
    services.alerts.raise(
      Alert(
        name: name,
        cause:
          "target \(target.name): \(NumberFormat.percent(now, places: 1)) of answers to fixed prompts are good, where "
          + "\(NumberFormat.percent(before, places: 1)) were",
        remedy:
          "ask the provider what changed behind the model; route past the target until it is back, or train and calibrate again"
      ))
  }
}

extension ChatRequest {
  /// A fixed prompt as a chat, with the parameters that the target has anyway.
  init(canaryPrompt text: String, model: String, maximumTokens: Int) {
    let body = JSONNode.object([
      "model": .string(model), "max_tokens": .integer(maximumTokens),
      "messages": .array([.object(["role": .string("user"), "content": .string(text)])]),
    ]).jsonBytes
    // What a builder writes is JSON; an empty object stands in were it not.
    let root = (try? JSONParser.parse(body)) ?? JSONNode(content: .object([]), range: 0..<0)
    self.init(
      apiFormat: .chatCompletions, body: body, root: root, chatBody: body, chat: root, model: model, isStream: false,
      wantsUsageChunk: false, request: Request(segments: [Segment(role: .user, text: text)]))
  }
}
