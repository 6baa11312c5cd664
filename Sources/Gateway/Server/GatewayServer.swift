import ChatProtocols
package import GatewayCore
import HTTPTypes
import HummingbirdCore
package import Logging
package import NIOCore
import Ockham
import ServiceLifecycle
import TextKit

/// Listens, reads requests and writes responses. What they say is the handler's.
package struct GatewayServer: Service {
  /// Header lines of a request, together.
  static let maximumHeaderBytes = 64 << 10

  private let address: ListenAddress
  private let maximumBodyBytes: Int
  private let handler: any RequestHandler
  private let presences: PresenceTable
  private let admission: Admission
  private let clock: GatewayClock
  private let group: any EventLoopGroup
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - admission: asked before the body is read, so that bodies in memory are bounded too.
  ///   - onListening: called once, with the port that was bound.
  package init(
    address: ListenAddress, maximumBodyBytes: Int, handler: any RequestHandler, presences: PresenceTable,
    admission: Admission, clock: GatewayClock, group: any EventLoopGroup, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void
  ) {
    self.address = address
    self.maximumBodyBytes = maximumBodyBytes
    self.handler = handler
    self.presences = presences
    self.admission = admission
    self.clock = clock
    self.group = group
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until a graceful shutdown, and then until the last request is answered.
  /// - Throws: where the address cannot be bound.
  package func run() async throws {
    let onListening = onListening
    let server = try channelBuilder.buildServer(
      configuration: ServerConfiguration(
        address: .hostname(address.host, port: address.port), serverName: nil, backlog: 1024),
      eventLoopGroup: group, logger: logger
    ) { request, writer, channel in
      try await respond(to: request, writer: writer, channel: channel)
    } onServerRunning: { channel in
      await onListening(channel.localAddress?.port ?? 0)
    }
    try await server.run()
  }

  /// Header limits here are far above ``maximumHeaderBytes``, so that those get a proper answer.
  private var channelBuilder: HTTPServerBuilder {
    let presences = presences
    return .http1(
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [PresenceHandler(table: presences), ParseFaultHandler()],
        idleTimeout: .seconds(300),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 1 << 20, maxHeaderListSize: 1 << 20, maxHeaderFieldCount: 10_000)))
  }

  private func respond(
    to request: HummingbirdCore.Request, writer: consuming ResponseWriter, channel: any Channel
  ) async throws {
    let id = RequestID.make()
    let path = String(request.head.path?.prefix { $0 != "?" } ?? "/")
    let response: OutgoingResponse
    var isAdmitted = false
    do throws(GatewayError) {
      try checkHeaders(request.headers)
      if request.headers[.expect]?.lowercased() == "100-continue" {
        try? await writer.writeInformationalHead(HTTPResponse(status: .continue))
      }
      if handler.needsAdmission(path: path) {
        try await admission.enter()
        isAdmitted = true
      }
      let body = try await readBody(of: request)
      response = await handler.response(
        to: IncomingRequest(
          id: id, method: request.method.rawValue, path: path, headers: request.headers, body: body,
          isLoopback: channel.remoteAddress?.isLoopback ?? false,
          presence: presences.presence(of: channel) ?? ClientPresence(), startNanoseconds: clock.steadyNanoseconds))
    } catch {
      response = handler.response(to: error, path: path, id: id)
    }
    defer { if isAdmitted { admission.leave() } }
    try await write(response, writer, isHead: request.method == .head)
  }

  private func checkHeaders(_ headers: HTTPFields) throws(GatewayError) {
    let bytes = headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    guard bytes <= Self.maximumHeaderBytes else {
      throw GatewayError(
        .headersTooLarge, status: 431,
        message:
          "Expected at most \(Self.maximumHeaderBytes) bytes of headers, found \(bytes). Send fewer or shorter ones.")
    }
  }

  private func readBody(of request: HummingbirdCore.Request) async throws(GatewayError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
      guard length <= maximumBodyBytes else { throw bodyTooLarge }
      bytes.reserveCapacity(length)
    }
    do {
      for try await part in request.body {
        guard bytes.count + part.readableBytes <= maximumBodyBytes else { throw bodyTooLarge }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let error as GatewayError { throw error } catch {
      throw GatewayError(
        .bodyTruncated, status: 400, message: "The body ended before its announced length. Send the whole body.")
    }
    return bytes
  }

  private var bodyTooLarge: GatewayError {
    GatewayError(
      .bodyTooLarge, status: 413,
      message:
        "Expected a body of at most \(maximumBodyBytes) bytes, found a longer one. Send less, or raise limits.body_bytes."
    )
  }
}

extension GatewayServer {
  private func write(
    _ response: OutgoingResponse, _ writer: consuming ResponseWriter, isHead: Bool
  ) async throws {
    var head = HTTPResponse(status: .init(code: response.status))
    head.headerFields = Self.fields(response.headers)
    switch response.body {
    case .whole(let bytes):
      head.headerFields[.contentLength] = String(bytes.count)
      let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
      try await writer.write(response: head, body: body)
    case .stream(let stream, let onEnd):
      try await relay(stream, head, writer, onEnd)
    }
  }

  private func relay(
    _ stream: LiveStream, _ head: HTTPResponse, _ writer: consuming ResponseWriter,
    _ onEnd: @Sendable (StreamOutcome, Bool) -> [(name: String, value: String)]
  ) async throws {
    var isOver = false
    do {
      var body = try await writer.writeHead(head)
      try await body.write(stream.first)
      for await part in stream.rest { try await body.write(part) }
      let outcome = await stream.outcome.value
      isOver = true
      let trailers = Self.fields(onEnd(outcome, stream.deadline.cause != .cancelled))
      try await body.finish(trailers.isEmpty ? nil : trailers)
    } catch {
      // Nobody takes what follows: a pump that waits to be rid of it would wait for ever.
      stream.deadline.cancel()
      stream.rest.finish()
      if !isOver { _ = onEnd(await stream.outcome.value, false) }
      throw error
    }
  }

  private static func fields(_ headers: [(name: String, value: String)]) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }
}

extension SocketAddress {
  /// Whether the address is of this machine alone.
  var isLoopback: Bool {
    switch ipAddress {
    case .some(let text): text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    case nil: true
    }
  }
}

/// Names of requests.
enum RequestID {
  /// `req_` and 24 hexadecimal digits at random.
  static func make() -> String {
    let digits = UInt64.random(in: .min ... .max).hexadecimal + UInt64.random(in: .min ... .max).hexadecimal
    return "req_" + digits.prefix(24)
  }
}
