import ChatProtocols
import GatewayCore
import Judging
import Ockham
import RequestLog

/// Answers that are looked at before the client sees them: cascades and ensembles. They are fetched whole, so a stream
/// begins only once its answer was accepted.
struct MultiCall {
  typealias Outcome = Failover.Outcome<BufferedCall.Answer>

  private enum Manner {
    case cascade(CascadeConfiguration)
    case ensemble(EnsembleConfiguration)
  }

  private let exchange: ChatExchange
  private let manner: Manner
  private let targets: TargetTable
  private let execution: ChatExecution

  /// `nil` for a request whose policy looks at no answers, and for one that names where it goes or is only watched.
  init?(of exchange: ChatExchange, in runtime: ConfiguredGateway) {
    guard !exchange.decision.isPlain, let policy = runtime.configuration.policies[exchange.decision.policy] else {
      return nil
    }
    if let ensemble = policy.ensemble {
      manner = .ensemble(ensemble)
    } else if let cascade = policy.cascade {
      manner = .cascade(cascade)
    } else {
      return nil
    }
    self.exchange = exchange
    (targets, execution) = (runtime.targets, runtime.execution)
  }

  /// The answer that was accepted with the attempts of all, and the answers of a cascade in order, the accepted one last.
  func outcome() async -> (outcome: Outcome, answers: [SeenAnswer]) {
    switch manner {
    case .cascade(let cascade): await runCascade(cascade)
    case .ensemble(let ensemble): (await askEnsemble(ensemble), [])
    }
  }

  private func answer(
    _ request: ChatRequest, _ targets: [UpstreamTarget], _ presence: ConnectionMonitor
  ) async -> Outcome {
    await execution.answer(request, over: targets, presence: presence, origin: exchange.origin)
  }

  /// Answers with the chosen tier and moves up while the answer falls short: one tier a step, or to the tier that response heads
  /// find worth most. The last answer is sent as it is: a client asked for one.
  private func runCascade(_ cascade: CascadeConfiguration) async -> (Outcome, [SeenAnswer]) {
    var outcome = await ask(exchange.targets, exchange.incoming.presence)
    let allowance = Allowance(cascade.bounds, of: exchange)
    defer { allowance.end() }
    var seen: [SeenAnswer] = []
    for step in 0...cascade.maximumSteps {
      guard let answer = outcome.answer, let target = outcome.target else { break }
      let present = SeenAnswer(
        answer.answer, ofTarget: target.name, tier: target.tier, to: exchange.request)
      seen.append(present)
      let next = targets.above(target.tier, allowed: exchange.decision.allowedTiers)
      guard step < cascade.maximumSteps, !next.isEmpty else { break }
      let verdict = await verdict(on: present, answer.answer, cascade, allowance, &outcome.attempts)
      guard verdict.movesOn else { break }
      let upper = verdict.candidate.map(targets.targets(ofTier:)).flatMap { $0.isEmpty ? nil : $0 } ?? next
      guard allowance.affords(exchange.request, upper, beside: outcome.attempts) else { break }
      if !verdict.isAccepted, let place = outcome.attempts.place(ofAnswerBy: target) {
        outcome.attempts[place].failure = .rejected
      }
      let higher = await ask(upper, allowance.presence)
      outcome.attempts += higher.attempts.map { attempt in
        var attempt = attempt
        attempt.propensity = verdict.propensity
        return attempt
      }
      guard higher.answer != nil else { break }
      (outcome.answer, outcome.target) = (higher.answer, higher.target)
    }
    return (outcome, seen)
  }

  /// A whole answer; where response heads read log-probabilities, with those, which the client does not get unless it asked.
  private func ask(_ targets: [UpstreamTarget], _ presence: ConnectionMonitor) async -> Outcome {
    var request = exchange.request.asWhole
    let tier = targets.first.flatMap { exchange.tierNames.firstIndex(of: $0.tier) }
    request.wantsLogprobs = tier.map { exchange.decision.cascade?.readsLogprobs(of: $0) ?? false } ?? false
    return await answer(request, targets, presence)
  }

  /// What becomes of an answer.
  private struct Verdict {
    var isAccepted: Bool
    /// The tier to move on to; `nil` for the next.
    var candidate: Int?
    /// The probability with which it moves on; 0 where it does not.
    var propensity: Double

    var movesOn: Bool { propensity > 0 }
  }

  /// Looks at the form of an answer first, which costs nothing, then asks the response heads, then the judge. Of those that are
  /// accepted a share moves on all the same.
  private func verdict(
    on seen: SeenAnswer, _ answer: ChatResponse, _ cascade: CascadeConfiguration, _ allowance: Allowance,
    _ attempts: inout [Attempt]
  ) async -> Verdict {
    let learned = exchange.decision.cascade
    var weighed = LearnedCascade.Verdict(isAccepted: true)
    if let learned, let tier = exchange.tierNames.firstIndex(of: seen.tier) {
      weighed = learned.weigh(
        seen.responses.map(\.response), of: tier, to: exchange.request.scored, allowed: exchange.decision.allowedTiers)
    }
    let hasFailedCheck = AnswerCheck(for: exchange.request, cascade).failure(of: answer) != nil
    if !hasFailedCheck, weighed.isAccepted, await passes(answer, cascade, allowance, &attempts) {
      guard weighed.candidate != nil, let draw = learned?.draw(), draw.isDrawn else {
        return Verdict(isAccepted: true, candidate: nil, propensity: 0)
      }
      return Verdict(isAccepted: true, candidate: weighed.candidate, propensity: draw.propensity)
    }
    return Verdict(isAccepted: false, candidate: weighed.candidate, propensity: 1)
  }

  /// What the judge says, where there is one that may see the answer.
  private func passes(
    _ answer: ChatResponse, _ cascade: CascadeConfiguration, _ allowance: Allowance, _ attempts: inout [Attempt]
  ) async -> Bool {
    guard let judge = cascade.judge.flatMap({ targets[$0] }), exchange.mayShow(judge) else { return true }
    let reply = await ask(judge, .score(of: answer, to: exchange.request), allowance, &attempts)
    // A judge that cannot be asked or understood rejects nothing: that would cost a step up for its own fault.
    return reply.flatMap { ReplyReader.score(in: $0.text) }.map { $0 >= cascade.minimumScore } ?? true
  }

  /// Asks a target several times at once and picks one answer.
  private func askEnsemble(_ ensemble: EnsembleConfiguration) async -> Outcome {
    let request = exchange.request.asWhole
    let allowance = Allowance(ensemble.bounds, of: exchange)
    defer { allowance.end() }
    let outcomes = await withTaskGroup(of: Outcome.self) { group in
      for _ in 0..<allowance.count(ensemble.answers, of: request, from: exchange.targets) {
        group.addTask { await answer(request, exchange.targets, allowance.presence) }
      }
      return await group.reduce(into: [Outcome]()) { $0.append($1) }
    }
    var attempts = outcomes.flatMap(\.attempts)
    let answered = outcomes.filter { $0.answer != nil }
    let answers = answered.compactMap { $0.answer?.answer }
    var choice: Int?
    switch ensemble.choice {
    case .majority: choice = MajorityVote.winner(of: answers.map(GivenAnswer.init(firstOf:)))?.index
    case .judge:
      guard answers.count > 1, let judge = ensemble.judge.flatMap({ targets[$0] }), exchange.mayShow(judge) else {
        break
      }
      let reply = await ask(judge, .choice(of: answers, to: exchange.request), allowance, &attempts)
      choice = reply.flatMap { ReplyReader.best(in: $0.text, of: answers.count) }
    }
    var outcome = choice.map { answered[$0] } ?? answered.first ?? outcomes[0]
    outcome.attempts = attempts
    return outcome
  }

  /// What a judge replies; its attempts and their cost are the request's.
  private func ask(
    _ judge: UpstreamTarget, _ prompt: JudgePrompt, _ allowance: Allowance, _ attempts: inout [Attempt]
  ) async -> JudgeReply? {
    let question = ChatRequest(JudgeRequest(prompt), model: judge.configuration.model)
    guard allowance.affords(question, [judge], beside: attempts) else { return nil }
    let outcome = await answer(question, [judge], allowance.presence)
    attempts += outcome.attempts.map { attempt in
      var attempt = attempt
      attempt.isJudge = true
      return attempt
    }
    return (outcome.answer?.answer).map { JudgeReply($0) }
  }
}

extension [Attempt] {
  /// Where a target's answer stands.
  fileprivate func place(ofAnswerBy target: UpstreamTarget) -> Int? {
    lastIndex { $0.target == target.name && $0.failure == nil && !$0.isJudge }
  }
}
