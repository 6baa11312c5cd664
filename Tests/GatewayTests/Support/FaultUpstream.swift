import NIOCore
import NIOPosix
import Synchronization

/// A provider on this machine that misbehaves as told: plain bytes over TCP, so that every fault of a wire can be played.
final class FaultUpstream: Sendable {
  /// One thing to do with a connection once a whole request was read.
  enum Step: Sendable {
    case send(String)
    /// Bytes that need be no text.
    case sendBytes([UInt8])
    /// So many bytes of filler.
    case sendFiller(Int)
    case pause(seconds: Double)
    /// Waits until the test says to go on.
    case await(Gate)
    /// Waits until the other end closes.
    case awaitClose
    case close
    /// Closes the sending half.
    case closeOutput
  }

  /// A request as it came.
  struct Received: Sendable {
    var head: String
    var body: [UInt8]
  }

  private let channel: any Channel
  private let state: State

  private final class State: Sendable {
    let script: @Sendable (Int, Received) -> [Step]
    let requests = Mutex<[Received]>([])
    let abandoned = Mutex(0)

    init(script: @escaping @Sendable (Int, Received) -> [Step]) { self.script = script }
  }

  /// Listens on a free port of loopback. `script` gets the request's number, from 0, and the request.
  static func start(_ script: @escaping @Sendable (Int, Received) -> [Step]) async throws -> FaultUpstream {
    let state = State(script: script)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Player(state: state))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FaultUpstream(channel: channel, state: state)
  }

  private init(channel: any Channel, state: State) {
    self.channel = channel
    self.state = state
  }

  var port: Int { channel.localAddress?.port ?? 0 }
  var baseURL: String { "http://127.0.0.1:\(port)/v1" }
  var requests: [Received] { state.requests.withLock { $0 } }

  /// Connections that the other end closed while the script still ran.
  var abandonedCount: Int { state.abandoned.withLock { $0 } }

  func stop() async { try? await channel.close().get() }

  private final class Player: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: State
    private var received = ByteBuffer()
    private var steps: ArraySlice<Step> = []

    init(state: State) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received.writeImmutableBuffer(unwrapInboundIn(data))
      guard let request = takeRequest() else { return }
      let number = state.requests.withLock { requests in
        requests.append(request)
        return requests.count - 1
      }
      steps = state.script(number, request)[...]
      play(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard let event = event as? ChannelEvent, event == .inputClosed else { return }
      if !steps.isEmpty { state.abandoned.withLock { $0 += 1 } }
      steps = []
      context.close(promise: nil)
    }

    /// A connection may also end without a word, by a write that finds no one.
    func channelInactive(context: ChannelHandlerContext) {
      if !steps.isEmpty { state.abandoned.withLock { $0 += 1 } }
      steps = []
    }

    private func takeRequest() -> Received? {
      // A TLS handshake is answered like a request: with what the script says, in plain text.
      if received.readableBytesView.first == 0x16 {
        return Received(head: "", body: received.readBytes(length: received.readableBytes) ?? [])
      }
      let text = String(decoding: received.readableBytesView, as: UTF8.self)
      guard let end = text.utf8.firstRange(of: "\r\n\r\n".utf8) else { return nil }
      let head = String(text[..<end.lowerBound])
      let length =
        head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
      let headBytes = head.utf8.count + 4
      guard received.readableBytes >= headBytes + length else { return nil }
      received.moveReaderIndex(forwardBy: headBytes)
      return Received(head: head, body: received.readBytes(length: length) ?? [])
    }

    private func play(_ context: ChannelHandlerContext) {
      guard let step = steps.popFirst() else { return }
      switch step {
      case .send(let text):
        write(ByteBuffer(string: text), context)
      case .sendBytes(let bytes):
        write(ByteBuffer(bytes: bytes), context)
      case .sendFiller(let count):
        write(ByteBuffer(repeating: UInt8(ascii: "x"), count: count), context)
      case .pause(let seconds):
        let loop = context.loopBound
        let player = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .nanoseconds(Int64(seconds * 1e9))) { player.value.play(loop.value) }
      case .await(let gate):
        guard !gate.isOpen else { return play(context) }
        steps.insert(step, at: steps.startIndex)
        let (loop, player) = (context.loopBound, NIOLoopBound(self, eventLoop: context.eventLoop))
        context.eventLoop.scheduleTask(in: .milliseconds(5)) { player.value.play(loop.value) }
      case .awaitClose: steps = [.awaitClose]
      case .close: context.close(promise: nil)
      case .closeOutput:
        context.close(mode: .output, promise: nil)
        play(context)
      }
    }

    private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
      let loop = context.loopBound
      let player = NIOLoopBound(self, eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in player.value.play(loop.value) }
    }
  }
}

extension FaultUpstream {
  /// A whole HTTP answer.
  static func answer(
    _ body: String, status: String = "200 OK", type: String = "application/json", headers: [String] = []
  ) -> Step {
    let lines = ["HTTP/1.1 \(status)", "content-type: \(type)", "content-length: \(body.utf8.count)"] + headers
    return .send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
  }

  /// A chat completion.
  static func completion(_ text: String, model: String = "mock-1") -> Step {
    answer(
      #"{"id":"c1","object":"chat.completion","created":1,"model":"\#(model)","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    )
  }

  /// The head of a stream that ends with its connection.
  static let streamHead = Step.send(
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")

  /// A chunk of a stream with some content.
  static func chunk(_ text: String) -> Step {
    .send(
      "data: "
        + #"{"id":"c1","object":"chat.completion.chunk","created":1,"model":"mock-1","choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"#
        + "\n\n")
  }

  /// What ends a whole stream: the finish reason, the usage, the mark.
  static let streamEnd = Step.send(
    "data: "
      + #"{"id":"c1","object":"chat.completion.chunk","created":1,"model":"mock-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
      + "\n\ndata: "
      + #"{"id":"c1","object":"chat.completion.chunk","created":1,"model":"mock-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
      + "\n\ndata: [DONE]\n\n")
}

/// What a test opens when an upstream may go on.
final class Gate: Sendable {
  private let opened = Mutex(false)

  var isOpen: Bool { opened.withLock { $0 } }
  func open() { opened.withLock { $0 = true } }
}
