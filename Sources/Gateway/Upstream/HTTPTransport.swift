import AsyncHTTPClient
package import ChatProtocols
package import GatewayCore
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One provider over HTTP/1.1 or HTTP/2, with connections that are kept, certificates that are verified and redirects
/// that are not followed: the key is meant for one host.
package struct HTTPTransport: UpstreamTransport {
  private let client: HTTPClient
  private let baseURL: String
  private let headers: [(name: String, value: String)]

  /// Opens no connection yet. ``shutdown()`` must be called before the last reference goes.
  package init(_ provider: ProviderConfiguration, group: any EventLoopGroup) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .nanoseconds(Int64(provider.timeouts.connect * 1e9))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = provider.maximumConnections
    // A connection that fails is an attempt that failed: the next target is better than a second wait.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .automatic
    // No ratio separates long runs of one word from an attack, and what is kept of an answer has a limit of its own.
    configuration.decompression = .enabled(limit: .size(256 << 20))
    // What a client does not take waits at the provider, not here: small parts, and little of it in the system's buffers.
    configuration.http1_1ConnectionDebugInitializer = { channel in
      channel.setOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 4 << 10, maximum: 16 << 10)
      ).flatMap { channel.setOption(.maxMessagesPerRead, value: 1) }
        .flatMap { channel.setOption(.socketOption(.so_rcvbuf), value: 256 << 10) }
    }
    client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    baseURL = provider.baseURL
    headers = provider.headers.map { ($0.key.lowercased(), $0.value) }.sorted { $0.0 < $1.0 }
  }

  package func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse {
    var outgoing = HTTPClientRequest(url: baseURL + request.path)
    outgoing.method = HTTPMethod(rawValue: request.method)
    for (name, value) in headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
    for (name, value) in request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
    outgoing.headers.replaceOrAdd(name: "user-agent", value: "ockham-gateway")
    if request.body.count > SentBytes.maximumBytes || request.body.isEmpty {
      request.onSent?()
      if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
    } else {
      let bytes = SentBytes(request.body, onSent: request.onSent)
      outgoing.body = .bytes(bytes, length: .known(Int64(bytes.count)))
    }
    do {
      let response = try await client.execute(outgoing, deadline: .distantFuture)
      return UpstreamResponse(
        status: Int(response.status.code), headers: response.headers.map { ($0.name.lowercased(), $0.value) },
        body: HTTPBody(body: response.body))
    } catch { throw Self.failure(error) }
  }

  package func shutdown() async { try? await client.shutdown() }

  /// What an error of the connection means. The reasons are ours: errors of the stack may name addresses.
  fileprivate static func failure(_ error: any Error) -> UpstreamFailure {
    switch error {
    case let error as HTTPClientError where error == .connectTimeout || error == .tlsHandshakeTimeout:
      UpstreamFailure(.timeout, reason: "no connection in time")
    case let error as HTTPClientError where error == .getConnectionFromPoolTimeout:
      UpstreamFailure(.saturated, reason: "no free connection in time")
    case let error as HTTPClientError where error == .cancelled || error == .requestStreamCancelled:
      UpstreamFailure(.timeout, reason: "cancelled")
    case is CancellationError: UpstreamFailure(.timeout, reason: "cancelled")
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      UpstreamFailure(.connection, reason: "the connection was closed before the answer")
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      UpstreamFailure(.connection, reason: "TLS failed: the certificate or the protocol was refused")
    case is NIOConnectionError: UpstreamFailure(.connection, reason: "the connection was refused")
    case is HTTPParserError: UpstreamFailure(.malformed, reason: "the answer is not HTTP")
    default: UpstreamFailure(.connection, reason: "the connection failed")
    }
  }
}

/// The body of an answer as it comes over a connection; can be read once.
private struct HTTPBody: UpstreamBody {
  let body: HTTPClientResponse.Body

  func makeIterator() -> any UpstreamBodyIterator { Iterator(parts: body.makeAsyncIterator()) }

  struct Iterator: UpstreamBodyIterator {
    var parts: HTTPClientResponse.Body.AsyncIterator

    mutating func next() async throws(UpstreamFailure) -> ByteBuffer? {
      do { return try await parts.next() } catch { throw HTTPTransport.failure(error) }
    }
  }
}
