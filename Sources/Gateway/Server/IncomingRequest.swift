package import HTTPTypes

/// A request as it came over HTTP, with its body read.
package struct IncomingRequest: Sendable {
  /// Names the request in headers, logs and telemetry.
  package var id: String
  /// In upper case, as it came: `POST`.
  package var method: String

  /// Without its query.
  package var path: String

  /// What stands behind the `?` of the target; `nil` without one.
  package var query: String?
  package var headers: HTTPFields
  package var body: [UInt8]

  /// Whether the other end is on this machine.
  package var isLoopback: Bool

  /// Tells when the client goes away.
  package var presence: ClientPresence

  /// When the request had been read, in nanoseconds of the steady clock.
  package var startNanoseconds: UInt64

  package init(
    id: String, method: String, path: String, query: String? = nil, headers: HTTPFields, body: [UInt8],
    isLoopback: Bool,
    presence: ClientPresence = ClientPresence(), startNanoseconds: UInt64
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.isLoopback = isLoopback
    self.presence = presence
    self.startNanoseconds = startNanoseconds
  }

  /// The first value of a header, whatever its case.
  package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

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
