import ChatProtocols
import DequeModule
import Evaluation
import GatewayCore
import Judging
import Logging
import NIOCore
import Ockham
import Synchronization
import TextKit

/// Asks other tiers for copies of requests, off the clients' path, and has the answers rated: see <doc:ShadowLabels>.
///
/// A request is drawn when it is decided and copied when its client has the answer. Copies have connections, keys and breakers
/// of their own, run at the lowest priority, wait while clients wait, and are cancelled where too many are in progress: nothing of
/// it slows, fails or reroutes a client's request. A draw is logged before anybody is asked, so that one without a rating is
/// known as such, whatever ends the process.
final class ShadowEngine: Sendable {
  /// Copies that may wait, and the bytes of their texts.
  static let waitingRuns = 256
  static let waitingBytes = 32 << 20

  let configuration: ShadowConfiguration
  let design: LabelDesign
  let tierNames: [String]
  let targets: TargetTable
  let pace: ShadowPace
  private let baseline: Int
  private let tiers: TierSet
  private let execution: ChatExecution
  private let judge: ShadowJudge
  private let account: KeyConfiguration
  private let shared: Services
  private let concurrency: Int
  private let state = Mutex(State())

  /// What it needs of the process.
  struct Services: Sendable {
    let clock: GatewayClock
    let group: any EventLoopGroup
    let deadlines: CallTokenTable
    let admission: Admission
    let ledger: any Ledger
    let hints: any HintStore
    let metrics: GatewayMetrics
    let telemetry: TelemetryRecorder?
    let logger: Logger
  }

  private struct State {
    var waiting = Deque<ShadowRun>()
    var bytes = 0
    var running = 0
    var isStopped = false
  }

  /// - Parameters:
  ///   - shadow: the runtime's `shadow`.
  ///   - earlier: the engine before: its connections, keys and pace go on.
  init(
    _ shadow: ShadowConfiguration, of configuration: GatewayConfiguration, catalogue: PriceCatalogue,
    environment: (String) -> String?, shared: Services, earlier: ShadowEngine?
  ) {
    self.configuration = shadow
    self.shared = shared
    tierNames = configuration.tiers.map(\.name)
    let names = shadow.tiers.isEmpty ? tierNames : shadow.tiers
    let indices = names.compactMap(tierNames.firstIndex)
    tiers = TierSet(indices)
    baseline = shadow.baseline.flatMap(tierNames.firstIndex) ?? indices.max() ?? tierNames.count - 1
    let copies = configuration.forShadows(shadow)
    let targets = TargetTable(
      copies, prices: catalogue, environment: environment, group: shared.group, clock: shared.clock,
      logger: shared.logger, earlier: earlier?.targets, hints: shared.hints)
    let execution = ChatExecution(
      failover: Failover(retries: copies.retries, clock: shared.clock, random: { Double.random(in: 0...1) }),
      deadlines: shared.deadlines, maximumAnswerBytes: configuration.limits.answerBytes)
    (self.targets, self.execution) = (targets, execution)
    design = LabelDesign(auditRate: shadow.auditShare)
    let known = earlier?.pace
    pace =
      known.flatMap { $0.dailyBudgetUSD == shadow.dailyBudgetUSD ? $0 : nil }
      ?? ShadowPace(dailyBudgetUSD: shadow.dailyBudgetUSD)
    judge = ShadowJudge(
      method: shadow.method, rubric: shadow.rubric, baseline: tierNames[baseline],
      judge: shadow.judge.flatMap { targets[$0] }.map { target in
        (Self.judge(target, shadow, execution, shared), target)
      })
    var account = KeyConfiguration(name: Self.accountName, sha256: "")
    account.dailyBudgetUSD = shadow.dailyBudgetUSD
    account.requestsPerMinute = shadow.requestsPerMinute
    self.account = account
    concurrency = max(1, Int(shadow.capacityShare * Double(configuration.limits.concurrentRequests)))
  }

  /// The name of the account that copies are booked on; no virtual key can have it.
  static let accountName = "(shadow)"

  private static func judge(
    _ target: UpstreamTarget, _ shadow: ShadowConfiguration, _ execution: ChatExecution, _ shared: Services
  ) -> PairJudge {
    var retry = RetryPolicy()
    (retry.attempts, retry.verdictAttempts, retry.longestPauseSeconds) = (2, 2, 10)
    let price = target.price
    let budget = JudgeBudget(capUSD: nil) { input, output in
      price?.costUSD(of: TokenUsage(inputTokens: input, outputTokens: output)) ?? 0
    }
    return PairJudge(
      model: target.configuration.model, journal: MemoryJournal(capacity: 1024), budget: budget, retry: retry,
      bothOrdersShare: shadow.bothOrdersShare
    ) { question throws(JudgeFailure) in
      let outcome = await execution.answer(
        ChatRequest(question, model: target.configuration.model), over: [target], presence: ConnectionMonitor())
      ShadowSpending.current?.add(outcome.attempts)
      guard let answer = outcome.answer?.answer else { throw JudgeFailure(outcome.attempts.last) }
      return JudgeReply(answer)
    }
  }
}

// The clients' path: a draw, and an entry in a queue.
extension ShadowEngine {
  /// Draws a request whose way is decided.
  /// - Complexity: O(tiers); allocates only where it is drawn.
  func pick(_ decision: RoutingDecision, key: KeyConfiguration?, random: () -> Double = { .random(in: 0..<1) })
    -> ShadowPick?
  {
    guard let comparison = comparison(of: decision, key: key), !comparison.allowed.isEmpty else { return nil }
    let chances = { (tier: Int) in
      decision.probabilities.indices.contains(tier) ? Double(decision.probabilities[tier]) : 0.5
    }
    let costs = decision.expectedCostsUSD
    let (rate, intensity) = pace.next(
      deviation: comparison.isDisagreement
        ? LabelIntensity.deviation(chances(comparison.served), chances(comparison.other)) : nil,
      costUSD: costs.indices.contains(comparison.other) ? costs[comparison.other] : nil,
      audited: comparison.allowed.count, design: design, room: room, at: shared.clock.unixSeconds())
    return comparison.pick(design, rate: rate, intensity: intensity, unit: random())
  }

  /// The tiers that a request is compared on; `nil` where nothing of it may be asked again.
  private func comparison(of decision: RoutingDecision, key: KeyConfiguration?) -> ShadowComparison? {
    if let key, !key.allowsShadow || configuration.keysLeftOut.contains(key.name) { return nil }
    if let task = decision.task, configuration.tasksLeftOut.contains(task) { return nil }
    return ShadowComparison(decision, tiers: tiers, baseline: baseline)
  }

  /// What labels may say of a request under a canary, known before it is drawn.
  func labels(of decision: RoutingDecision, key: KeyConfiguration?) -> CanaryTurn.Labels? {
    guard let turn = decision.canary, decision.tier == decision.proposedTier,
      let comparison = comparison(of: decision, key: key)
    else { return nil }
    let scale = design.inclusion(rate: pace.rate, intensity: 1)
    if turn.otherTier == comparison.served { return .agreement(scale: scale) }
    return comparison.isDisagreement ? .disagreement(scale: scale) : .closed(scale: scale)
  }

  /// The part of the queue that is free.
  private var room: Double { 1 - Double(state.withLock(\.waiting.count)) / Double(Self.waitingRuns) }

  /// Takes a request that its client has the answer of. Never waits.
  func submit(_ run: ShadowRun) {
    record(run.unrated(self, for: .pending))
    let (isTaken, startsWorker) = state.withLock { state -> (Bool, Bool) in
      guard !state.isStopped, state.waiting.count < Self.waitingRuns, state.bytes + run.bytes <= Self.waitingBytes
      else { return (false, false) }
      state.waiting.append(run)
      state.bytes += run.bytes
      guard state.running < concurrency else { return (true, false) }
      state.running += 1
      return (true, true)
    }
    if !isTaken { finish(run.unrated(self, for: .capacity)) }
    if startsWorker { Task.detached(priority: .background) { await self.work() } }
  }

  /// Takes no more, and names what still waits as missing.
  func stop() {
    let waiting = state.withLock { state in
      state.isStopped = true
      defer { (state.waiting, state.bytes) = ([], 0) }
      return state.waiting
    }
    for run in waiting { finish(run.unrated(self, for: .capacity)) }
  }

  /// Runs that wait, and those that are worked on.
  var counts: (waiting: Int, running: Int) { state.withLock { ($0.waiting.count, $0.running) } }
}

// Beside it.
extension ShadowEngine {
  private func work() async {
    while let run = next() {
      while shared.admission.counts.waiting > 0, !isStopped { try? await shared.clock.sleep(0.1) }
      let label = await run.label(by: self)
      state.withLock { $0.bytes -= run.bytes }
      finish(label)
    }
  }

  private var isStopped: Bool { state.withLock(\.isStopped) }

  private func next() -> ShadowRun? {
    state.withLock { state in
      guard let run = state.waiting.popFirst() else {
        state.running -= 1
        return nil
      }
      return run
    }
  }

  private func finish(_ label: ShadowLabel) {
    shared.metrics.shadowLabels[label.missing ?? "rated"].add()
    record(label)
  }

  private func record(_ label: ShadowLabel) { shared.telemetry?.label(label) }

  /// Asks a tier, within the day's dollars.
  func ask(_ request: ChatRequest, tier: Int) async -> Result<ShadowRun.TierAnswer, ShadowMissing> {
    let targets = targets.targets(ofTier: tier)
    guard let first = targets.first else { return .failure(.provider) }
    let bounds = { (usage: (TokenBounds) -> TokenUsage) in
      first.price.flatMap { $0.costUSD(of: usage(first.bounds(of: request))) }
    }
    let claim = Claim(
      key: account, tokens: 0, estimateUSD: bounds(\.expected), mostUSD: bounds(\.most))
    return await booked(claim, answers: 1) {
      let outcome = await execution.answer(
        request, over: targets, presence: ConnectionMonitor(), origin: Party.key(Self.accountName).value)
      ShadowSpending.current?.add(outcome.attempts)
      guard let answer = outcome.answer?.answer, let target = outcome.target, let last = outcome.attempts.last else {
        let isCrowded = outcome.attempts.allSatisfy { $0.failure == .saturated || $0.failure == .rateLimited }
        return .failure(isCrowded ? .capacity : .provider)
      }
      return .success(
        ShadowRun.TierAnswer(
          tier: tierNames[tier], model: target.configuration.model, answer: answer, costUSD: last.costUSD,
          latencyMilliseconds: last.latencyMilliseconds))
    }
  }

  /// Rates answers to a request, within the day's dollars.
  func rate(_ answers: [ShadowRun.TierAnswer], of run: ShadowRun) async -> ShadowRun.Ratings {
    let isShown = judge.judge.map { mayShow($0.target, run) } ?? false
    let expected = isShown ? judge.expectedUSD(answers, to: run.request) : 0
    let claim = Claim(
      key: account, tokens: 0, estimateUSD: expected, mostUSD: ShadowJudge.questions * expected)
    let spending = ShadowSpending()
    let result = await booked(claim, answers: 0, spending) { () -> Result<ShadowRun.Ratings, ShadowMissing> in
      .success(await judge.rate(answers, to: run.request, isShown: isShown))
    }
    switch result {
    case .success(var ratings):
      ratings.costUSD = spending.costUSD
      return ratings
    case .failure(let missing): return ShadowRun.Ratings(missing: missing)
    }
  }

  private func mayShow(_ judge: UpstreamTarget, _ run: ShadowRun) -> Bool {
    tierNames.firstIndex(of: judge.tier).map { !run.forbiddenTiers.contains($0) } ?? true
  }

  /// Does what costs money, and books what it did cost.
  private func booked<Value>(
    _ claim: Claim, answers: Int, _ spending: ShadowSpending = ShadowSpending(),
    _ body: () async -> Result<Value, ShadowMissing>
  ) async -> Result<Value, ShadowMissing> {
    let reservation: Reservation
    do throws(GatewayError) {
      reservation = try await shared.ledger.reserve(claim, at: shared.clock.unixSeconds())
    } catch { return .failure(error.code == .budgetExceeded ? .budget : .capacity) }
    let result = await ShadowSpending.$current.withValue(spending) { await body() }
    let settlement = spending.settlement
    shared.ledger.settle(reservation, settlement, at: shared.clock.unixSeconds())
    pace.book(settlement.costUSD ?? 0, answers: answers)
    shared.metrics.shadowSpent[].add(settlement.costUSD ?? 0)
    return result
  }
}

/// What the attempts of one step cost.
final class ShadowSpending: Sendable {
  @TaskLocal static var current: ShadowSpending?

  private let attempts = Mutex<[Attempt]>([])

  func add(_ attempts: [Attempt]) { self.attempts.withLock { $0 += attempts } }

  /// As budgets count it.
  var settlement: Settlement { attempts.withLock { $0 }.settlement }

  /// What is known; `nil` where a price is not.
  var costUSD: Double? {
    let attempts = attempts.withLock { $0 }
    return attempts.isEmpty ? nil : attempts.costUSD
  }
}

extension JudgeFailure {
  fileprivate init(_ attempt: Attempt?) {
    self =
      switch (attempt?.status, attempt?.failure) {
      case (let status?, _): .status(status, retryAfterSeconds: nil)
      case (_, .timeout), (_, .saturated): .timeout
      case (_, .malformed): .malformed
      default: .connection
      }
  }
}
