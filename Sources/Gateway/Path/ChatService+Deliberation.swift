import ChatProtocols
import GatewayCore

/// Answers that are looked at before the client sees them: cascades and ensembles. They are fetched whole, so a stream
/// begins only once its answer was accepted.
extension ChatService {
  private typealias Outcome = Failover.Outcome<BufferedCall.Answer>

  func deliberate(
    _ exchange: ChatExchange, _ targets: [UpstreamTarget], _ policy: PolicyConfiguration
  ) async -> OutgoingResponse {
    let request = exchange.request.asWhole
    let outcome: Failover.Outcome<BufferedCall.Answer>
    if let ensemble = policy.ensemble {
      outcome = await vote(exchange, request, targets, ensemble)
    } else if let cascade = policy.cascade {
      outcome = await climb(exchange, request, targets, cascade)
    } else {
      outcome = await answer(request, targets, exchange)
    }
    return finish(exchange, outcome)
  }

  private func answer(
    _ request: ChatRequest, _ targets: [UpstreamTarget], _ exchange: ChatExchange
  ) async -> Outcome {
    await runtime.execution.answer(request, over: targets, presence: exchange.incoming.presence)
  }

  /// Answers with the chosen tier and moves up, one tier a step, while the answer falls short. The last answer is sent
  /// as it is: a client asked for one.
  private func climb(
    _ exchange: ChatExchange, _ request: ChatRequest, _ targets: [UpstreamTarget], _ cascade: CascadeConfiguration
  ) async -> Outcome {
    var outcome = await answer(request, targets, exchange)
    for _ in 0..<cascade.maximumSteps {
      guard let answer = outcome.answer, let target = outcome.target else { return outcome }
      let upper = runtime.targets(above: target.tier, allowed: exchange.decision.allowedTiers)
      guard !upper.isEmpty, await !passes(answer.answer, exchange, cascade, &outcome.attempts) else { return outcome }
      if let index = outcome.attempts.lastIndex(where: { $0.target == target.name && $0.failure == nil }) {
        outcome.attempts[index].failure = .rejected
      }
      let next = await self.answer(request, upper, exchange)
      outcome.attempts += next.attempts
      guard next.answer != nil else { return outcome }
      outcome.answer = next.answer
      outcome.target = next.target
    }
    return outcome
  }

  private func passes(
    _ answer: ChatAnswer, _ exchange: ChatExchange, _ cascade: CascadeConfiguration, _ attempts: inout [Attempt]
  ) async -> Bool {
    guard AnswerCheck(for: exchange.request, cascade).flaw(of: answer) == nil else { return false }
    guard let judge = cascade.judge.flatMap({ runtime.target(named: $0) }) else { return true }
    let question = Judge.markRequest(for: exchange.request, answer: answer, model: judge.configuration.model)
    let reply = await ask(judge, question, exchange, &attempts)
    // A judge that cannot be asked or understood rejects nothing: that would cost a step up for its own fault.
    return reply.flatMap(Judge.mark(in:)).map { $0 >= cascade.minimumMark } ?? true
  }

  /// Asks a target several times at once and picks one answer.
  private func vote(
    _ exchange: ChatExchange, _ request: ChatRequest, _ targets: [UpstreamTarget], _ ensemble: EnsembleConfiguration
  ) async -> Outcome {
    let outcomes = await withTaskGroup(of: Outcome.self) { group in
      for _ in 0..<ensemble.answers { group.addTask { await answer(request, targets, exchange) } }
      return await group.reduce(into: [Outcome]()) { $0.append($1) }
    }
    var attempts = outcomes.flatMap(\.attempts)
    let answered = outcomes.filter { $0.answer != nil }
    let answers = answered.compactMap { $0.answer?.answer }
    var choice: Int?
    switch ensemble.choice {
    case .majority: choice = MajorityVote.winner(of: answers)?.index
    case .judge:
      guard answers.count > 1, let judge = ensemble.judge.flatMap({ runtime.target(named: $0) }) else { break }
      let question = Judge.choiceRequest(for: exchange.request, answers: answers, model: judge.configuration.model)
      let reply = await ask(judge, question, exchange, &attempts)
      choice = reply.flatMap { Judge.choice(in: $0, of: answers.count) }
    }
    var outcome = choice.map { answered[$0] } ?? answered.first ?? outcomes[0]
    outcome.attempts = attempts
    return outcome
  }

  /// What a judge replies; its attempts and their cost are the request's.
  private func ask(
    _ judge: UpstreamTarget, _ question: ChatRequest, _ exchange: ChatExchange, _ attempts: inout [Attempt]
  ) async -> ChatAnswer? {
    let outcome = await answer(question, [judge], exchange)
    attempts += outcome.attempts.map { attempt in
      var attempt = attempt
      attempt.isJudge = true
      return attempt
    }
    return outcome.answer?.answer
  }
}
