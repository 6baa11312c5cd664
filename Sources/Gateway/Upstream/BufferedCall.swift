package import ChatProtocols
import NIOCore

/// One attempt at a target for a whole answer.
package struct BufferedCall: Sendable {
  /// What a provider answered.
  package struct Answer: Sendable {
    package var answer: ChatResponse
    /// The body as it came; `nil` where it may not be passed on so: a stream, or one that had to be mended.
    package var body: [UInt8]?

    /// Leaves out log-probabilities that the client did not ask for.
    mutating func dropLogprobs() {
      guard answer.choices.contains(where: { $0.logprobs != nil }) else { return }
      for index in answer.choices.indices { answer.choices[index].logprobs = nil }
      body = body.map(LogprobsAsked.removed)
    }
  }

  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let maximumBytes: Int
  let deadline: CallToken
  let clock: GatewayClock
  /// Set as soon as the request may have left.
  let sent: SentMark
  let leftOut: LeftOutNames

  /// - Parameters:
  ///   - maximumBytes: the longest body; a longer one is malformed.
  ///   - deadline: moved on with every part of the body.
  package init(
    target: UpstreamTarget, key: ProviderKeys.Key, maximumBytes: Int, deadline: CallToken, clock: GatewayClock,
    sent: SentMark = SentMark(), leftOut: LeftOutNames = LeftOutNames()
  ) {
    self.target = target
    self.key = key
    self.maximumBytes = maximumBytes
    self.deadline = deadline
    self.clock = clock
    self.sent = sent
    self.leftOut = leftOut
  }

  /// Sends the request and reads the answer.
  package func run(_ request: ChatRequest) async throws(UpstreamFailure) -> Answer {
    let codec = target.provider.codec
    var outgoing = try target.upstreamRequest(for: request)
    outgoing.onSent = { [sent] in sent.set() }
    outgoing.onLeftOut = { [leftOut] in leftOut.add($0) }
    let response = try await target.send(outgoing, key: key, at: clock.unixSeconds())
    let body = try await response.collect(upTo: maximumBytes) { extendTimeout() }
    do {
      if AnswerShape(body) == .events { return Answer(answer: try assembled(body), body: nil) }
      var answer = try codec.answer(from: body)
      if answer.model.isEmpty { answer.model = target.configuration.model }
      return Answer(answer: answer, body: answer.isMended ? nil : body)
    } catch {
      var failure = UpstreamFailure(error)
      failure.providerRequestID = response.requestID
      throw SentSecrets(of: key, in: target.provider).removed(from: failure)
    }
  }

  /// The answer that a stream says, which came although none was asked for.
  private func assembled(_ body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    var parser = ServerSentEventParser(maximumEventBytes: body.count)
    var decoder = target.provider.codec.makeStreamDecoder()
    var assembler = ChatResponseAssembler()
    let events: [ServerSentEvent]
    do { events = try parser.parse(body) } catch { throw .malformed(expected: "server-sent events") }
    for event in events + [parser.finish()].compactMap(\.self) where !decoder.isOver {
      for event in try decoder.decode(event: event.name, data: event.data) { assembler.append(event) }
    }
    guard decoder.isComplete, !assembler.answer.choices.isEmpty else {
      throw .malformed(expected: "a whole stream")
    }
    return assembler.answer
  }

  private func extendTimeout() {
    deadline.advance(now: clock.steadyNanoseconds, idle: target.provider.configuration.timeouts.idle)
  }
}
