import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One attempt at a target for a streamed answer: reads events, holds them back until there is content, and
/// then passes them on as the client speaks.
struct StreamPump {
  /// The most that is held back while there is no content.
  static let maximumHeldBytes = 256 << 10

  let target: UpstreamTarget
  let request: ChatRequest
  let deadline: Deadline
  let clock: GatewayClock
  let channel: AsyncChannel<ByteBuffer>
  private var decoder: any StreamDecoder
  private var encoder: any StreamEncoder
  private let isVerbatim: Bool
  private var frames: any FrameReader
  private var pending = ByteBuffer()
  private var isCommitted = false
  private var outcome = StreamOutcome()

  init(
    target: UpstreamTarget, request: ChatRequest, dialect: any ClientDialect, deadline: Deadline, clock: GatewayClock,
    channel: AsyncChannel<ByteBuffer>
  ) {
    self.target = target
    self.request = request
    self.deadline = deadline
    self.clock = clock
    self.channel = channel
    frames = target.provider.codec.makeFrameReader()
    decoder = target.provider.codec.makeStreamDecoder()
    encoder = dialect.makeStreamEncoder(for: request)
    isVerbatim = target.provider.codec.dialect == request.dialect
  }

  /// Runs to the end of the stream. Nothing is sent before content came: the outcome of a stream that failed until then
  /// is all there is.
  mutating func run(key: ProviderKeys.Key) async -> StreamOutcome {
    do throws(UpstreamFailure) {
      try await relay(try await openStream(key: key))
    } catch {
      outcome.failure = cause(of: error)
      if isCommitted { await fail() }
    }
    channel.finish()
    return outcome
  }

  private func openStream(key: ProviderKeys.Key) async throws(UpstreamFailure) -> UpstreamResponse {
    let outgoing = try target.upstreamRequest(for: request)
    let response = try await target.send(outgoing, key: key, at: clock.unixSeconds())
    guard response.header("content-type")?.lowercased().hasPrefix(frames.mediaType) == true else {
      throw UpstreamFailure(.malformed, status: response.status, reason: "expected \(frames.mediaType)")
    }
    return response
  }

  private mutating func relay(_ response: UpstreamResponse) async throws(UpstreamFailure) {
    var iterator = response.body.makeIterator()
    while let part = try await iterator.next() {
      if isCommitted { touch() }
      try consume(part)
      await flush()
      if Task.isCancelled { throw UpstreamFailure(.timeout, reason: "given up") }
    }
    if let event = frames.finish() { try handle(event) }
    guard decoder.isComplete else { throw UpstreamFailure(.malformed, reason: "the stream was cut") }
    isCommitted = true
    if !isVerbatim { pending.writeBytes(encoder.end()) }
    await flush()
  }

  private mutating func consume(_ part: ByteBuffer) throws(UpstreamFailure) {
    let events: [ServerSentEvent]
    do throws(FrameFault) { events = try frames.events(in: Array(part.readableBytesView)) } catch {
      throw UpstreamFailure(.malformed, reason: error.reason)
    }
    for event in events { try handle(event) }
    guard isCommitted || pending.readableBytes <= Self.maximumHeldBytes else {
      throw UpstreamFailure(.malformed, reason: "no content in \(Self.maximumHeldBytes) bytes")
    }
  }

  private mutating func handle(_ event: ServerSentEvent) throws(UpstreamFailure) {
    let events: [ChatEvent]
    do { events = try decoder.decode(event: event.name, data: event.data) } catch { throw UpstreamFailure(error) }
    for event in events { note(event) }
    if isVerbatim {
      if shouldPass(events) { event.write(into: &pending) }
    } else {
      for event in events { pending.writeBytes(encoder.encode(event)) }
    }
    if events.contains(where: \.isContent) { commit() }
  }

  /// The usage that only the gateway asked for stays with it.
  private func shouldPass(_ events: [ChatEvent]) -> Bool {
    guard request.dialect == .chatCompletions, !request.wantsUsageChunk, events.count == 1 else { return true }
    if case .usage = events[0] { return false }
    return true
  }

  private mutating func note(_ event: ChatEvent) {
    switch event {
    case .usage(let usage): outcome.usage = usage
    case .finish(_, let reason): outcome.finish = reason
    default: break
    }
  }

  private mutating func commit() {
    guard !isCommitted else { return }
    isCommitted = true
    touch()
  }

  private func touch() {
    deadline.advance(now: clock.steadyNanoseconds, idle: target.provider.configuration.timeouts.idle)
  }

  private mutating func flush() async {
    guard isCommitted, pending.readableBytes > 0 else { return }
    let bytes = pending
    pending = ByteBuffer()
    deadline.suspend()
    await channel.send(bytes)
    touch()
  }

  /// Tells the client that the stream is not whole.
  private mutating func fail() async {
    guard deadline.cause != .cancelled else { return }
    let error = GatewayError(
      .streamInterrupted, message: "The answer was interrupted; what came before is incomplete. Try again.")
    pending.writeBytes(encoder.fail(error))
    // The task may be cancelled by its deadline, and a cancelled task sends nothing: the last word goes another way.
    let (channel, bytes) = (channel, pending)
    pending = ByteBuffer()
    await Task { await channel.send(bytes) }.value
  }

  /// Where the deadline ended the stream, that is the reason.
  private func cause(of failure: UpstreamFailure) -> UpstreamFailure { deadline.failure ?? failure }
}
