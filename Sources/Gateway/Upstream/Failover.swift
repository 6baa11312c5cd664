package import ChatProtocols
package import GatewayCore

/// Tries targets until one answers: keys, retries with backoff, the next target, the next tier.
///
/// What an attempt is, is the caller's: a whole answer, or a stream up to its first content.
package struct Failover: Sendable {
  package let retries: RetryConfiguration
  package let clock: GatewayClock

  /// A number from 0 to 1, for jitter.
  package let random: @Sendable () -> Double

  package init(retries: RetryConfiguration, clock: GatewayClock, random: @escaping @Sendable () -> Double) {
    self.retries = retries
    self.clock = clock
    self.random = random
  }

  /// What one attempt came to.
  package enum Result<Answer: Sendable>: Sendable {
    case answered(Answer)
    case failed(UpstreamFailure)
    /// The client went away.
    case abandoned
  }

  /// What all attempts came to.
  package struct Outcome<Answer: Sendable>: Sendable {
    /// `nil` where nothing answered; then ``error`` says why.
    package var answer: Answer?
    /// What answered.
    package var target: UpstreamTarget?
    package var error: GatewayError?
    /// All attempts in order, the one that answered last.
    package var attempts: [Attempt]
  }

  /// What to do after a failure.
  private enum Step {
    case stop(GatewayError)
    case nextTarget
    case nextKey
    case retry(afterSeconds: Double)
  }

  /// Runs attempts over the targets in order. Targets whose breaker refuses are skipped, unless
  /// all do; so are those that are known to have no larger window than one that was too small.
  ///
  /// - Parameter origin: who asks, for the breakers; see ``CircuitBreaker``.
  package func run<Answer: Sendable>(
    over targets: [UpstreamTarget], origin: UInt64? = nil,
    attempt: (UpstreamTarget, ProviderKeys.Key) async -> (result: Result<Answer>, record: Attempt)
  ) async -> Outcome<Answer> {
    var outcome = Outcome<Answer>(attempts: [])
    var failures: [UpstreamFailure] = []
    var passedOver: [UpstreamTarget] = []
    var asker = Asker(origin: origin)
    for target in targets where !asker.knowsTooSmall(target) {
      let permit = target.breaker.permit(at: clock.steadySeconds(), origin: origin)
      guard permit != .refused else {
        passedOver.append(target)
        continue
      }
      let isOver = await tryTarget(target, asker: &asker, outcome: &outcome, failures: &failures, attempt: attempt)
      if permit == .probe { target.breaker.release() }
      if isOver { return outcome }
    }
    if outcome.attempts.isEmpty {
      for target in passedOver
      where await tryTarget(target, asker: &asker, outcome: &outcome, failures: &failures, attempt: attempt) {
        return outcome
      }
    }
    outcome.error = Self.allFailed(failures, attempts: outcome.attempts)
    return outcome
  }

  /// Who asks, and what is known of the request by now.
  private struct Asker {
    let origin: UInt64?
    /// The largest window that was too small.
    var tooSmall = 0

    func knowsTooSmall(_ target: UpstreamTarget) -> Bool {
      target.price?.contextTokens.map { $0 <= tooSmall } ?? false
    }
  }

  /// Tries one target as often as may be. Returns whether that was the end of the request.
  private func tryTarget<Answer: Sendable>(
    _ target: UpstreamTarget, asker: inout Asker, outcome: inout Outcome<Answer>,
    failures: inout [UpstreamFailure],
    attempt: (UpstreamTarget, ProviderKeys.Key) async -> (result: Result<Answer>, record: Attempt)
  ) async -> Bool {
    do throws(UpstreamFailure) { try await target.provider.keys.prepare() } catch {
      var attempt = Attempt(target: target.name, tier: target.tier, failure: error.kind, latencyMilliseconds: 0)
      attempt.reason = error.reason
      outcome.attempts.append(attempt)
      failures.append(error)
      return false
    }
    var tries = 0
    var triedKeys: Set<Int> = []
    while tries < max(1, retries.attemptsPerTarget) {
      guard let key = target.provider.keys.next(at: clock.steadySeconds(), excluding: triedKeys) else {
        // Keys that were tried just now have told why they do not work.
        if triedKeys.isEmpty { failures.append(noKey(target, &outcome.attempts)) }
        return false
      }
      tries += 1
      let (result, record) = await attempt(target, key)
      outcome.attempts.append(record)
      switch result {
      case .answered(let answer):
        target.breaker.succeed(at: clock.steadySeconds(), origin: asker.origin)
        outcome.answer = answer
        outcome.target = target
        return true
      case .abandoned:
        outcome.error = .clientGone
        return true
      case .failed(let failure):
        failures.append(failure)
        recordFailure(failure, of: target, key: key, origin: asker.origin)
        if failure.kind == .contextTooLong { asker.tooSmall = max(asker.tooSmall, target.price?.contextTokens ?? 0) }
        switch step(after: failure, tries: tries) {
        case .stop(let error):
          outcome.error = error
          return true
        case .nextTarget: return false
        case .nextKey:
          triedKeys.insert(key.index)
          tries -= 1
        case .retry(let seconds):
          guard tries < retries.attemptsPerTarget else { return false }
          do { try await clock.sleep(seconds) } catch {
            outcome.error = .clientGone
            return true
          }
        }
      }
    }
    return false
  }

  /// A target whose keys all rest is a failed attempt without a call.
  private func noKey(_ target: UpstreamTarget, _ attempts: inout [Attempt]) -> UpstreamFailure {
    attempts.append(Attempt(target: target.name, tier: target.tier, failure: .keyRefused, latencyMilliseconds: 0))
    return UpstreamFailure(
      .keyRefused, retryAfterSeconds: target.provider.keys.waitSeconds(at: clock.steadySeconds()),
      reason: "no usable key")
  }

  /// Notifies the breaker and the keys: each what is theirs, by the failure's scope.
  private func recordFailure(
    _ failure: UpstreamFailure, of target: UpstreamTarget, key: ProviderKeys.Key, origin: UInt64?
  ) {
    let now = clock.steadySeconds()
    switch failure.kind.scope {
    case .key:
      let rest = failure.retryAfterSeconds ?? ProviderKeys.refusedSeconds
      if key.credentials == nil {
        target.breaker.coolDown(until: now + rest)
      } else {
        target.provider.keys.rest(key, until: now + rest)
      }
    case .target where failure.kind == .rateLimited:
      if let seconds = failure.retryAfterSeconds, seconds > retries.maximumMilliseconds / 1000 {
        target.breaker.coolDown(until: now + seconds)
      }
    case .target: target.breaker.fail(at: now, origin: origin)
    case .request where failure.status != nil: target.breaker.succeed(at: now, origin: origin)
    case .request, .gateway: break
    }
  }

  private func step(after failure: UpstreamFailure, tries: Int) -> Step {
    switch failure.kind {
    case .badRequest where failure.status == 404: .nextTarget
    // The server gave up waiting for the request: sent once more it may come through.
    case .timeout where failure.status == 408 && tries < 2: retryStep(failure, tries: tries)
    case .badRequest, .contentFiltered: .stop(.rejected(by: failure))
    case .contextTooLong, .tooLarge, .rejected, .unsupported, .saturated, .timeout: .nextTarget
    case .keyRefused, .quotaExhausted, .forbidden, .modelUnavailable, .unaffordable: .nextKey
    case .rateLimited, .serverError, .connection, .malformed: retryStep(failure, tries: tries)
    }
  }

  private func retryStep(_ failure: UpstreamFailure, tries: Int) -> Step {
    let backoff = min(retries.baseMilliseconds * Double(1 << min(tries - 1, 20)), retries.maximumMilliseconds) / 1000
    let jittered = backoff * (1 + retries.jitter * (2 * random() - 1))
    guard let asked = failure.retryAfterSeconds else { return .retry(afterSeconds: jittered) }
    return asked > retries.maximumMilliseconds / 1000 ? .nextTarget : .retry(afterSeconds: max(asked, 0))
  }
}

extension Failover {
  /// The one error for a request that no target answered.
  static func allFailed(_ failures: [UpstreamFailure], attempts: [Attempt]) -> GatewayError {
    if let failure = failures.last, failures.allSatisfy({ $0.kind.isOfRequest && $0.status != 404 }) {
      // Too long or too large shows more than that another could not do it at all.
      let decisive = failures.last { $0.kind == .contextTooLong } ?? failures.last { $0.kind == .tooLarge } ?? failure
      return .rejected(by: decisive)
    }
    let limits: Set<UpstreamFailure.Kind> = [.rateLimited, .quotaExhausted, .unaffordable, .saturated]
    let areLimits = !failures.isEmpty && failures.allSatisfy { limits.contains($0.kind) }
    let areLate = !failures.isEmpty && failures.allSatisfy { $0.kind == .timeout }
    let waits = failures.compactMap(\.retryAfterSeconds)
    return GatewayError(
      .allProvidersFailed, status: areLimits ? 503 : areLate ? 504 : 502,
      message: "No target answered after \(attempts.count) attempts; see attempts. Try again later.",
      retryAfterSeconds: areLimits ? waits.min() : nil, attempts: attempts)
  }
}

extension GatewayError {
  /// The client went away: for logs alone.
  static let clientGone = GatewayError(.streamInterrupted, status: 499, message: "The client closed the connection.")

  /// A plan without targets: nothing was tried.
  static let noAnswer = GatewayError(
    .allProvidersFailed, message: "No target is configured for the tiers that this request may use.")

  /// A request that the provider refuses for what it is.
  static func rejected(by failure: UpstreamFailure) -> GatewayError {
    let code: GatewayError.Code =
      switch failure.kind {
      case .contextTooLong: .contextLengthExceeded
      case .unsupported where failure.status == nil: .unsupportedFeature
      default: .upstreamRejected
      }
    return GatewayError(
      code,
      status: failure.status.flatMap { (400..<500).contains($0) ? $0 : nil } ?? 400,
      message: failure.clientMessage ?? "The provider refused the request: \(failure.reason).", param: failure.param)
  }
}
