import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One attempt at a target for a streamed answer: reads events, holds them back until there is content, and
/// then passes them on as the client speaks.
///
/// The answer is over at its format's own mark: the client and the breaker are told at once, whatever the connection does
/// after that.
struct StreamPump {
  /// The most that is held back while there is no content.
  static let maximumHeldBytes = 256 << 10

  /// How long the mark of the end, or the usage, may follow a finished answer, in seconds.
  static let graceSeconds = 2.0

  /// How long, in seconds, and how many bytes the connection of an answer that is over is read for, so that it can be used
  /// again.
  static let restSeconds = 1.0
  static let maximumRestBytes = 64 << 10

  let target: UpstreamTarget
  let request: ChatRequest
  let deadline: CallToken
  let clock: GatewayClock
  let channel: AsyncChannel<ByteBuffer>
  let ending: StreamEnding
  /// The longest answer that comes whole where a stream was asked for.
  let maximumBytes: Int
  /// The client is no longer waited for.
  let onEnd: @Sendable () -> Void
  private var decoder: any StreamDecoder
  private var encoder: any StreamEncoder
  private var isVerbatim: Bool
  private var frames: any FrameReader
  private var pending = ByteBuffer()
  private var isCommitted = false
  private var outcome = StreamOutcome()
  /// What was said so far, for a check of what it is said to have taken.
  private var extent = AnswerExtent()
  /// All that was said, where somebody wants it whole.
  private var assembler: ChatResponseAssembler?
  private let sent = SentMark()
  private let leftOut: LeftOutNames
  private var providerRequestID: String?

  init(
    target: UpstreamTarget, request: ChatRequest, apiFormat: any ClientFormat, deadline: CallToken, clock: GatewayClock,
    channel: AsyncChannel<ByteBuffer>, ending: StreamEnding, maximumBytes: Int, collects: Bool = false,
    leftOut: LeftOutNames, onEnd: @escaping @Sendable () -> Void
  ) {
    self.target = target
    self.request = request
    self.deadline = deadline
    self.clock = clock
    self.channel = channel
    self.ending = ending
    self.maximumBytes = maximumBytes
    self.leftOut = leftOut
    self.onEnd = onEnd
    if collects { assembler = ChatResponseAssembler() }
    frames = target.provider.codec.makeFrameReader()
    decoder = target.provider.codec.makeStreamDecoder()
    encoder = apiFormat.makeStreamEncoder(for: request)
    isVerbatim = target.provider.codec.apiFormat == request.apiFormat
  }

  /// Runs to the end of the stream, and gives its connection back. Nothing is sent before content came: the outcome of a
  /// stream that failed until then is all there is.
  mutating func run(key: ProviderKeys.Key) async {
    do throws(UpstreamFailure) {
      var outgoing = try target.upstreamRequest(for: request)
      outgoing.onSent = { [sent] in sent.set() }
      outgoing.onLeftOut = { [leftOut] in leftOut.add($0) }
      let response = try await target.send(outgoing, key: key, at: clock.unixSeconds())
      providerRequestID = response.requestID
      try await relay(response)
    } catch {
      var failure = deadline.failure ?? error
      failure = SentSecrets(of: key, in: target.provider).removed(from: failure)
      if failure.providerRequestID == nil { failure.providerRequestID = error.providerRequestID ?? providerRequestID }
      outcome.failure = failure
      if isCommitted { await fail() }
      notify()
    }
  }

  private mutating func relay(_ response: UpstreamResponse) async throws(UpstreamFailure) {
    var iterator = response.body.makeIterator()
    do throws(UpstreamFailure) {
      let head = try await head(of: response, &iterator)
      if head.shape == .whole {
        try await replay(head.bytes, &iterator)
      } else {
        try await pass(head.bytes, &iterator)
      }
    } catch {
      // What was finished is whole, also where the connection breaks before it says so.
      guard decoder.isComplete, deadline.cause != .cancelled else { throw error }
    }
    guard decoder.isComplete else { throw UpstreamFailure(.malformed, reason: "the stream was cut") }
    guard isCommitted || isSilenceMeant else { throw UpstreamFailure(.malformed, reason: "an answer without content") }
    isCommitted = true
    if !isVerbatim {
      pending.writeBytes(encoder.end())
    } else if !decoder.isOver {
      pending.writeBytes(encoder.endMark)
    }
    await sendLast()
    notify()
    await giveBack(&iterator)
  }

  /// An answer without content is one where the model ran out of room, was stopped for the content's sake, or counted tokens
  /// that no one sees.
  private var isSilenceMeant: Bool {
    switch outcome.finish {
    case .length, .contentFilter: true
    default: (outcome.usage?.outputTokens ?? 0) > 0
    }
  }

  /// The channel and the outcome are over.
  private mutating func notify() {
    onEnd()
    outcome.usage = UsageCheck(request: request, price: target.price).checked(outcome.usage, of: extent)
    assume()
    if outcome.failure == nil { outcome.answer = assembler?.answer }
    ending.fulfil(outcome)
    channel.finish()
  }

  /// What a stream without a last count is taken to have used. A count from its middle is no last one: it says what the prompt
  /// took, and not yet what the answer did.
  private mutating func assume() {
    if decoder.isComplete, outcome.usage != nil { return }
    let counted = outcome.usage
    outcome.usage = nil
    let isAnswer = extent.bytes > 0 || counted != nil || decoder.isComplete || deadline.cause != .none
    guard sent.wasSent, isAnswer else { return }
    let bounds = target.bounds(of: request)
    let isWhole = decoder.isComplete && deadline.cause == .none
    var assumed = isWhole ? bounds.seen(of: extent, after: seconds) : bounds.left(extent, after: seconds)
    if var counted, counted.inputTokens > 0 {
      counted.outputTokens = max(counted.outputTokens, assumed.outputTokens)
      assumed = counted
    }
    outcome.assumedUsage = assumed
  }

  /// Since the call began.
  private var seconds: Double { Double(clock.steadyNanoseconds - min(deadline.start, clock.steadyNanoseconds)) / 1e9 }

  /// Reads what is left of an answer that is over.
  private func giveBack(_ iterator: inout any UpstreamBodyIterator) async {
    deadline.advance(now: clock.steadyNanoseconds, idle: Self.restSeconds)
    var count = 0
    while count < Self.maximumRestBytes, let part = try? await iterator.next() { count += part.readableBytes }
  }
}

/// Reading.
extension StreamPump {
  /// The first bytes of an answer, and what they show.
  private func head(
    of response: UpstreamResponse, _ iterator: inout any UpstreamBodyIterator
  ) async throws(UpstreamFailure) -> (shape: AnswerShape, bytes: ByteBuffer) {
    let type = response.header("content-type")?.lowercased() ?? ""
    let isSaid = type.hasPrefix(frames.mediaType)
    guard frames.mediaType == ServerSentEventParser.eventStream else {
      guard isSaid else { throw UpstreamFailure(.malformed, reason: "expected \(frames.mediaType)") }
      return (.events, ByteBuffer())
    }
    var bytes = ByteBuffer()
    while bytes.readableBytes < 1024, var part = try await iterator.next() {
      renew()
      bytes.writeBuffer(&part)
      guard let shape = AnswerShape(bytes.readableBytesView) else { continue }
      guard shape != .unknown || isSaid else { break }
      return (shape, bytes)
    }
    guard isSaid else { throw UpstreamFailure(.malformed, reason: "expected \(frames.mediaType)") }
    return (.events, bytes)
  }

  /// Passes the events of a stream on.
  private mutating func pass(
    _ head: ByteBuffer, _ iterator: inout any UpstreamBodyIterator
  ) async throws(UpstreamFailure) {
    try consume(head)
    await flush()
    while !decoder.isOver, let part = try await iterator.next() {
      try consume(part)
      if isCommitted { extendTimeout() } else { renew() }
      await flush()
      if Task.isCancelled { throw UpstreamFailure(.timeout, reason: "cancelled") }
    }
    if !decoder.isOver, let event = frames.finish() { try handle(event) }
  }

  /// Sends a whole answer as a stream.
  private mutating func replay(
    _ head: ByteBuffer, _ iterator: inout any UpstreamBodyIterator
  ) async throws(UpstreamFailure) {
    var body = Array(head.readableBytesView)
    while let part = try await iterator.next() {
      guard body.count + part.readableBytes <= maximumBytes else {
        throw UpstreamFailure(.malformed, reason: "the answer is longer than \(maximumBytes) bytes")
      }
      body.append(contentsOf: part.readableBytesView)
    }
    let answer: ChatResponse
    do { answer = try target.provider.codec.answer(from: body) } catch { throw UpstreamFailure(error) }
    isVerbatim = false
    decoder = WholeAnswer()
    for event in request.restoring(answer).events {
      record(event)
      pending.writeBytes(encoder.encode(dated(event)))
    }
    commit()
  }

  private mutating func consume(_ part: ByteBuffer) throws(UpstreamFailure) {
    guard part.readableBytes > 0 else { return }
    let events: [ServerSentEvent]
    do throws(FrameFault) { events = try frames.events(in: Array(part.readableBytesView)) } catch {
      throw UpstreamFailure(.malformed, reason: error.reason)
    }
    for event in events where !decoder.isOver { try handle(event) }
    guard isCommitted || pending.readableBytes <= Self.maximumHeldBytes else {
      throw UpstreamFailure(.malformed, reason: "no content in \(Self.maximumHeldBytes) bytes")
    }
  }

  private mutating func handle(_ event: ServerSentEvent) throws(UpstreamFailure) {
    let events: [ChatEvent]
    do { events = try decoder.decode(event: event.name, data: event.data) } catch { throw UpstreamFailure(error) }
    for event in events { record(event) }
    if isVerbatim {
      pass(event, events)
    } else {
      for event in events { pending.writeBytes(encoder.encode(request.restoring(dated(event)))) }
      // A ping says that the provider is there; the client may need to hear it too.
      if events.isEmpty, event.name == "ping", isCommitted { pending.writeString(": ping\n\n") }
    }
    if events.contains(where: \.isContent) { commit() }
  }

  /// Passes an event on as it came, or as it should have come.
  private mutating func pass(_ event: ServerSentEvent, _ events: [ChatEvent]) {
    if request.apiFormat == .chatCompletions, decoder.isOver {
      for event in events { pending.writeBytes(encoder.encode(event)) }
      pending.writeBytes(encoder.endMark)
    } else if shouldPass(events) {
      var event = event
      if let mended = decoder.mendedData { event.data = mended }
      guard !event.data.isEmpty else { return }
      event.write(into: &pending)
    }
  }

  /// The usage that only the gateway asked for stays with it.
  private func shouldPass(_ events: [ChatEvent]) -> Bool {
    guard request.apiFormat == .chatCompletions, !request.wantsUsageChunk, events.count == 1 else { return true }
    if case .usage = events[0] { return false }
    return true
  }

  private mutating func record(_ event: ChatEvent) {
    extent.add(event)
    assembler?.append(event)
    if extent.bytes > maximumBytes { assembler = nil }
    switch event {
    // Some servers end with a chunk that counts nothing: it takes nothing back.
    case .usage(let usage) where usage.outputTokens == 0 && outcome.usage != nil: break
    case .usage(let usage): outcome.usage = usage
    case .finish(_, let reason): outcome.finish = reason
    // What is passed on as it came may have to be ended by the encoder.
    case .start where isVerbatim && request.apiFormat == .chatCompletions: _ = encoder.encode(event)
    default: break
    }
  }

  /// The start of an answer with the time and the model, where the provider does not say them.
  private func dated(_ event: ChatEvent) -> ChatEvent {
    guard case .start(let id, let model, let created) = event else { return event }
    return .start(
      id: id, model: model.isEmpty ? target.configuration.model : model,
      created: created == 0 ? Int(clock.unixSeconds()) : created)
  }
}

/// Sending, and the time.
extension StreamPump {
  private mutating func commit() {
    guard !isCommitted else { return }
    isCommitted = true
    extendTimeout()
  }

  private func extendTimeout() {
    let idle = target.provider.configuration.timeouts.idle
    deadline.advance(
      now: clock.steadyNanoseconds, idle: decoder.isComplete ? min(idle, Self.graceSeconds) : idle)
  }

  /// Pings and comments before the first content are signs of life.
  private func renew() {
    deadline.renew(now: clock.steadyNanoseconds, firstToken: target.firstTokenSeconds)
  }

  private mutating func flush() async {
    guard isCommitted, pending.readableBytes > 0 else { return }
    let bytes = pending
    pending = ByteBuffer()
    deadline.suspend()
    await channel.send(bytes)
    extendTimeout()
  }

  /// Sends what is left, also where the task was cancelled by its deadline: a cancelled task sends nothing, so the last word
  /// goes another way.
  private mutating func sendLast() async {
    guard pending.readableBytes > 0 else { return }
    guard Task.isCancelled else { return await flush() }
    let (channel, bytes) = (channel, pending)
    pending = ByteBuffer()
    await Task { await channel.send(bytes) }.value
  }

  /// Tells the client that the stream is not whole.
  private mutating func fail() async {
    guard deadline.cause != .cancelled else { return }
    let error = GatewayError(
      .streamInterrupted, message: "The answer was interrupted; what came before is incomplete. Try again.")
    pending.writeBytes(encoder.fail(error))
    await sendLast()
  }
}

/// What has nothing left to decode.
private struct WholeAnswer: StreamDecoder {
  var isComplete: Bool { true }
  var isOver: Bool { true }
  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] { [] }
}
