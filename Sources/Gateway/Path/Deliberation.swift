import ChatProtocols
import GatewayCore
import Judging

/// Answers that are looked at before the client sees them: cascades and ensembles. They are fetched whole, so a stream
/// begins only once its answer was accepted.
struct Deliberation {
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
  init?(of exchange: ChatExchange, in runtime: GatewayRuntime) {
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

  /// The answer that was accepted, with the attempts of all.
  func outcome() async -> Outcome {
    switch manner {
    case .cascade(let cascade): await climb(cascade)
    case .ensemble(let ensemble): await vote(ensemble)
    }
  }

  private func answer(
    _ request: ChatRequest, _ targets: [UpstreamTarget], _ presence: ClientPresence
  ) async -> Outcome {
    await execution.answer(request, over: targets, presence: presence, origin: exchange.origin)
  }

  /// Answers with the chosen tier and moves up, one tier a step, while the answer falls short. The last answer is sent
  /// as it is: a client asked for one.
  private func climb(_ cascade: CascadeConfiguration) async -> Outcome {
    let request = exchange.request.asWhole
    var outcome = await answer(request, exchange.targets, exchange.incoming.presence)
    let allowance = Allowance(cascade.bounds, of: exchange)
    defer { allowance.end() }
    for _ in 0..<cascade.maximumSteps {
      guard let answer = outcome.answer, let target = outcome.target else { return outcome }
      let upper = targets.above(target.tier, allowed: exchange.decision.allowedTiers)
      guard !upper.isEmpty, await !passes(answer.answer, cascade, allowance, &outcome.attempts),
        allowance.affords(request, upper, beside: outcome.attempts)
      else { return outcome }
      if let index = outcome.attempts.lastIndex(where: { $0.target == target.name && $0.failure == nil }) {
        outcome.attempts[index].failure = .rejected
      }
      let next = await self.answer(request, upper, allowance.presence)
      outcome.attempts += next.attempts
      guard next.answer != nil else { return outcome }
      outcome.answer = next.answer
      outcome.target = next.target
    }
    return outcome
  }

  private func passes(
    _ answer: ChatAnswer, _ cascade: CascadeConfiguration, _ allowance: Allowance, _ attempts: inout [Attempt]
  ) async -> Bool {
    guard AnswerCheck(for: exchange.request, cascade).flaw(of: answer) == nil else { return false }
    guard let judge = cascade.judge.flatMap({ targets[$0] }), exchange.mayShow(judge) else { return true }
    let reply = await ask(judge, .score(of: answer, to: exchange.request), allowance, &attempts)
    // A judge that cannot be asked or understood rejects nothing: that would cost a step up for its own fault.
    return reply.flatMap { ReplyReader.score(in: $0.text) }.map { $0 >= cascade.minimumMark } ?? true
  }

  /// Asks a target several times at once and picks one answer.
  private func vote(_ ensemble: EnsembleConfiguration) async -> Outcome {
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
