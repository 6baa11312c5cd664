import ChatProtocols
package import HTTPTypes

/// A request as it came over HTTP; its body is empty until it was read.
package struct IncomingRequest: Sendable {
  /// Names the request in headers, logs and telemetry.
  package var id: String
  /// In upper case, as it came: `POST`.
  package var method: String

  /// Without its query.
  package var path: String

  /// What stands behind the `?` of the target; `nil` without one.
  package var query: String?

  /// The host that the client meant to ask: a name or an address, with a port where it has one.
  package var host: String?
  package var headers: HTTPFields
  package var body: [UInt8]

  /// Whether the other end is on this machine.
  package var isLoopback: Bool

  /// Who asks, where no key says it better.
  package var address: Party

  /// Reports when the client goes away.
  package var presence: ConnectionMonitor

  /// When the request had been read, in nanoseconds of the steady clock.
  package var startNanoseconds: UInt64

  package init(
    id: String, method: String, path: String, query: String? = nil, host: String? = nil, headers: HTTPFields,
    body: [UInt8], isLoopback: Bool, address: Party = .address(nil),
    presence: ConnectionMonitor = ConnectionMonitor(), startNanoseconds: UInt64
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.query = query
    self.host = host
    self.headers = headers
    self.body = body
    self.isLoopback = isLoopback
    self.address = address
    self.presence = presence
    self.startNanoseconds = startNanoseconds
  }

  /// The value of a header, whatever the case of its name; where it stands several times, all values with commas between them.
  package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

  /// Header lines of a request, together.
  static let maximumHeaderBytes = 64 << 10

  /// - Throws: ``GatewayError/Code/headersTooLarge`` (431).
  func checkHeaders() throws(GatewayError) {
    let bytes = headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    guard bytes <= Self.maximumHeaderBytes else {
      throw GatewayError(
        .headersTooLarge,
        message:
          "Expected at most \(Self.maximumHeaderBytes) bytes of headers, found \(bytes). Send fewer or shorter ones.")
    }
  }

  /// The length of the body, where the head says it.
  var announcedBytes: Int? {
    if headers[.transferEncoding] != nil { return nil }
    return headers[.contentLength].map { Int($0) ?? .max } ?? 0
  }

  /// Whether a body came, or comes.
  var hasBody: Bool { !body.isEmpty || announcedBytes != 0 }

  /// The betas of Anthropic that the client asks for: names alone, so that nothing else can travel in the header.
  var betas: String? {
    guard let text = header("anthropic-beta"), text.utf8.count <= 4096 else { return nil }
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_., ".utf8.contains(byte)
      }
    }
    return isPlain && !text.isEmpty ? text : nil
  }
}
