import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What is tried next after each kind of failure, and what the client is told in the end.
struct FailoverTests {
  private struct NoTransport: UpstreamTransport {
    func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse {
      throw UpstreamFailure(.connection, reason: "none")
    }
    func shutdown() async {}
  }

  private struct NoCodec: ProviderCodec {
    var apiFormat: APIFormat { .chatCompletions }
    func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
      UpstreamRequest(path: "", headers: [], body: [])
    }
    func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse { throw .malformed(expected: "nothing") }
    func makeStreamDecoder() -> any StreamDecoder { fatalError("not streamed here") }
    func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
      UpstreamFailure(.serverError, status: status, reason: "")
    }
  }

  private static func price(window: Int) -> Price {
    var price = Price(input: nil, output: nil)
    price.contextTokens = window
    return price
  }

  private static func target(_ name: String, keys: [String] = [], window: Int? = nil) -> UpstreamTarget {
    let provider = ProviderConnection(
      configuration: ProviderConfiguration(name: "p", kind: .openai, baseURL: "http://127.0.0.1"), codec: NoCodec(),
      keys: ProviderKeys(keys.map { Credentials(key: $0) }), transport: NoTransport())
    var breaker = BreakerConfiguration()
    breaker.minimumRequests = 2
    return UpstreamTarget(
      configuration: TargetConfiguration(name: name, provider: "p", model: name), tier: "small", provider: provider,
      breaker: CircuitBreaker(breaker), price: window.map(price))
  }

  /// Plays a script of failures, then answers.
  private static func play(
    _ script: [UpstreamFailure], over targets: [UpstreamTarget], clock: ManualClock = ManualClock(),
    retries: RetryConfiguration = RetryConfiguration()
  ) async -> (outcome: Failover.Outcome<String>, calls: [String]) {
    let failover = Failover(retries: retries, clock: clock.clock, random: { 0.5 })
    var (remaining, calls) = (script[...], [String]())
    let outcome = await failover.run(over: targets) { target, key -> (Failover.Result<String>, Attempt) in
      calls.append(target.name + (key.credentials.map { "/" + $0.key } ?? ""))
      var record = Attempt(target: target.name, tier: target.tier, latencyMilliseconds: 1)
      guard let failure = remaining.popFirst() else { return (.answered("yes"), record) }
      record.failure = failure.kind
      return (.failed(failure), record)
    }
    return (outcome, calls)
  }

  private static func failure(_ kind: UpstreamFailure.Kind, _ status: Int? = nil, after: Double? = nil)
    -> UpstreamFailure
  {
    UpstreamFailure(kind, status: status, retryAfterSeconds: after, reason: "test")
  }

  @Test func retriesAServerErrorWithBackoff() async {
    let clock = ManualClock()
    let (outcome, calls) = await Self.play([Self.failure(.serverError, 500)], over: [Self.target("a")], clock: clock)
    #expect(calls == ["a", "a"])
    #expect(outcome.answer == "yes")
    #expect(outcome.attempts.map(\.failure) == [.serverError, nil])
    #expect(clock.slept == [0.25])
  }

  @Test func movesOnWhenATargetIsExhausted() async {
    let failures = [Self.failure(.serverError, 500), Self.failure(.connection)]
    let (outcome, calls) = await Self.play(failures, over: [Self.target("a"), Self.target("b")])
    #expect(calls == ["a", "a", "b"])
    #expect(outcome.target?.name == "b")
  }

  @Test func obeysRetryAfterAndMovesOnFromALongOne() async {
    let clock = ManualClock()
    let (_, calls) = await Self.play(
      [Self.failure(.rateLimited, 429, after: 2)], over: [Self.target("a")], clock: clock)
    #expect(calls == ["a", "a"] && clock.slept == [2])
    let first = Self.target("a")
    let long = await Self.play([Self.failure(.rateLimited, 429, after: 60)], over: [first, Self.target("b")])
    #expect(long.calls == ["a", "b"])
    // It cools down: no one asks it before the time is over.
    let next = await Self.play([], over: [first, Self.target("b")])
    #expect(next.calls == ["b"])
  }

  @Test func rotatesRefusedKeysAtOnce() async {
    let clock = ManualClock()
    let target = Self.target("a", keys: ["one", "two"])
    let (outcome, calls) = await Self.play([Self.failure(.keyRefused, 401)], over: [target], clock: clock)
    #expect(calls == ["a/one", "a/two"] && clock.slept.isEmpty)
    #expect(outcome.answer == "yes")
    let next = await Self.play([], over: [target], clock: clock)
    #expect(next.calls == ["a/two"])
  }

  @Test func allKeysRefusedIsNotTheClientsFault() async {
    let (outcome, calls) = await Self.play(
      [Self.failure(.keyRefused, 401), Self.failure(.quotaExhausted, 402)],
      over: [Self.target("a", keys: ["one", "two"])])
    #expect(calls.count == 2)
    #expect(outcome.error?.code == .allProvidersFailed)
    #expect(outcome.error?.status == 502)
  }

  @Test(arguments: [UpstreamFailure.Kind.forbidden, .modelUnavailable, .unaffordable])
  func whatOneRequestMeetsRestsNoKey(_ kind: UpstreamFailure.Kind) async {
    let target = Self.target("a", keys: ["one"])
    let (outcome, calls) = await Self.play([Self.failure(kind, 403)], over: [target, Self.target("b")])
    #expect(calls == ["a/one", "b"] && outcome.answer == "yes")
    let next = await Self.play([], over: [target])
    #expect(next.calls == ["a/one"])
  }

  @Test(arguments: [UpstreamFailure.Kind.saturated, .tooLarge, .unsupported, .contextTooLong])
  func whatIsNoFailureOfTheProviderOpensNoBreaker(_ kind: UpstreamFailure.Kind) async {
    let target = Self.target("a")
    for _ in 0..<5 {
      let (_, calls) = await Self.play([Self.failure(kind, 413)], over: [target, Self.target("b")])
      #expect(calls == ["a", "b"])
    }
  }

  @Test func requestsThatOneOriginProvokesOpenNothingForOthers() async {
    let target = Self.target("a")
    let failover = Failover(retries: RetryConfiguration(), clock: ManualClock().clock, random: { 0.5 })
    for origin in [1, 1, 1, 2] as [UInt64] {
      var calls: [String] = []
      _ = await failover.run(over: [target, Self.target("b")], origin: origin) {
        target, _ -> (Failover.Result<String>, Attempt) in
        calls.append(target.name)
        let isBad = origin == 1 && target.name == "a"
        let record = Attempt(target: target.name, tier: "small", latencyMilliseconds: 1)
        return (isBad ? .failed(Self.failure(.serverError, 500)) : .answered("yes"), record)
      }
      if origin == 2 { #expect(calls == ["a"]) }
    }
  }

  @Test func onlyLargerWindowsFollowOneThatWasTooSmall() async {
    let targets = [("a", 8000), ("b", 4000), ("c", 32000)].map { Self.target($0, window: $1) }
    let (outcome, calls) = await Self.play([Self.failure(.contextTooLong, 400)], over: targets)
    #expect(calls == ["a", "c"] && outcome.answer == "yes")
  }

  @Test func aBadRequestEndsAtOnce() async {
    let (outcome, calls) = await Self.play(
      [Self.failure(.badRequest, 422)], over: [Self.target("a"), Self.target("b")])
    #expect(calls == ["a"])
    #expect(outcome.error?.code == .upstreamRejected && outcome.error?.status == 422)
  }

  @Test func anUnknownModelIsTheTargetsFault() async {
    let (outcome, calls) = await Self.play(
      [Self.failure(.badRequest, 404)], over: [Self.target("a"), Self.target("b")])
    #expect(calls == ["a", "b"] && outcome.answer == "yes")
  }

  @Test func aLongPromptGoesUp() async {
    let (outcome, calls) = await Self.play(
      [Self.failure(.contextTooLong, 400)], over: [Self.target("a"), Self.target("b")])
    #expect(calls == ["a", "b"] && outcome.answer == "yes")
    let none = await Self.play(
      [Self.failure(.contextTooLong, 400), Self.failure(.contextTooLong, 400)],
      over: [Self.target("a"), Self.target("b")])
    #expect(none.outcome.error?.code == .contextLengthExceeded)
  }

  @Test func aTimeoutMovesOn() async {
    let (outcome, calls) = await Self.play([Self.failure(.timeout)], over: [Self.target("a"), Self.target("b")])
    #expect(calls == ["a", "b"] && outcome.answer == "yes")
    let none = await Self.play([Self.failure(.timeout)], over: [Self.target("a")])
    #expect(none.outcome.error?.status == 504)
  }

  /// The server gave up waiting for the request: once more may do, and twice will not.
  @Test func a408IsTriedOnceMore() async {
    var retries = RetryConfiguration()
    retries.attemptsPerTarget = 5
    let once = await Self.play([Self.failure(.timeout, 408)], over: [Self.target("a")], retries: retries)
    #expect(once.calls == ["a", "a"] && once.outcome.answer == "yes")
    let twice = (0..<2).map { _ in Self.failure(.timeout, 408) }
    let moved = await Self.play(twice, over: [Self.target("a"), Self.target("b")], retries: retries)
    #expect(moved.calls == ["a", "a", "b"])
  }

  @Test func passesOverAnOpenBreakerUnlessAllAreOpen() async {
    let (broken, sound) = (Self.target("a"), Self.target("b"))
    for _ in 0..<2 { broken.breaker.fail(at: 1000) }
    #expect(await Self.play([], over: [broken, sound]).calls == ["b"])
    for _ in 0..<2 { sound.breaker.fail(at: 1000) }
    #expect(await Self.play([], over: [broken, sound]).calls == ["a"])
  }

  @Test func limitsEverywhereAskToWait() async {
    let (outcome, _) = await Self.play(
      [Self.failure(.rateLimited, 429, after: 30), Self.failure(.rateLimited, 429, after: 20)],
      over: [Self.target("a"), Self.target("b")])
    #expect(outcome.error?.status == 503)
    #expect(outcome.error?.retryAfterSeconds == 20)
    #expect(outcome.error?.attempts.count == 2)
  }

  @Test func waitsForNothingAfterTheLastTry() async {
    let clock = ManualClock()
    let failures = (0..<4).map { _ in Self.failure(.serverError, 500) }
    let (outcome, calls) = await Self.play(failures, over: [Self.target("a"), Self.target("b")], clock: clock)
    #expect(calls == ["a", "a", "b", "b"] && outcome.error?.code == .allProvidersFailed)
    #expect(clock.slept.count == 2)
  }

  /// One request probes; the others are not left without a target for it.
  @Test func aProbeUnderWayRefusesNobody() async {
    let target = Self.target("a")
    for _ in 0..<2 { target.breaker.fail(at: 900) }
    #expect(target.breaker.permit(at: 1000) == .probe)
    #expect(await Self.play([], over: [target]).outcome.answer == "yes")
  }

  @Test func whatAProtocolCannotSayIsTheNextTargetsTurn() async {
    let target = Self.target("a")
    target.breaker.coolDown(until: 2000)
    let (outcome, calls) = await Self.play([Self.failure(.unsupported)], over: [Self.target("b"), Self.target("c")])
    #expect(calls == ["b", "c"] && outcome.answer == "yes")
    let none = await Self.play([Self.failure(.unsupported)], over: [target])
    #expect(none.outcome.error?.code == .unsupportedFeature && none.outcome.error?.status == 400)
    #expect(target.breaker.state(at: 1000) == .open, "nothing was learned about the target")
  }

  @Test func usedUpCreditEverywhereAsksToWait() async {
    let (outcome, _) = await Self.play(
      [Self.failure(.quotaExhausted, 402, after: 40)], over: [Self.target("a", keys: ["one"])])
    #expect(outcome.error?.status == 503 && outcome.error?.retryAfterSeconds == 40)
  }
}
