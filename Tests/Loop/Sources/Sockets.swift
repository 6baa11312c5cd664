import Foundation

/// HTTP/1.1 over loopback with kept connections, blocking, as much as a rehearsal needs.
struct Message {
  var start: String
  var headers: [String: String]
  var body: Data

  var status: Int { Int(start.split(separator: " ").dropFirst().first ?? "") ?? 0 }
  var path: String { String(start.split(separator: " ").dropFirst().first ?? "") }
}

/// One connection: reads whole messages, keeps what follows them.
final class Connection {
  private let file: Int32
  private var bytes = Data()

  init(_ file: Int32) {
    self.file = file
    var on: Int32 = 1
    setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(file) }

  /// A connection to a port of this machine; `nil` where no one listens.
  convenience init?(port: UInt16) {
    let file = socket(AF_INET, stream, 0)
    var address = loopback(port)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else {
      close(file)
      return nil
    }
    self.init(file)
  }

  /// The next message; `nil` at the end.
  func read() -> Message? {
    while true {
      if let message = take() { return message }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(file, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  private func take() -> Message? {
    guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[bytes.startIndex..<end.lowerBound], as: UTF8.self).components(
      separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    if headers["transfer-encoding"] == "chunked" { return takeChunks(lines[0], headers, end.upperBound) }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    guard bytes.endIndex - end.upperBound >= length else { return nil }
    let body = Data(bytes[end.upperBound..<end.upperBound + length])
    bytes = Data(bytes[(end.upperBound + length)...])
    return Message(start: lines[0], headers: headers, body: body)
  }

  private func takeChunks(_ start: String, _ headers: [String: String], _ first: Int) -> Message? {
    var (place, body) = (first, Data())
    while let line = bytes[place...].range(of: Data("\r\n".utf8)) {
      let size = String(decoding: bytes[place..<line.lowerBound].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      guard let count = Int(size, radix: 16), bytes.endIndex >= line.upperBound + count + 2 else { return nil }
      body += bytes[line.upperBound..<line.upperBound + count]
      place = line.upperBound + count + 2
      guard count == 0 else { continue }
      // Trailers: up to an empty line. Without any, the two bytes above were it.
      bytes = Data(bytes[place...])
      return Message(start: start, headers: headers, body: body)
    }
    return nil
  }

  func write(_ start: String, _ headers: [String] = [], _ body: Data) -> Bool {
    let head =
      ([start, "Content-Type: application/json", "Content-Length: \(body.count)"] + headers)
      .joined(separator: "\r\n") + "\r\n\r\n"
    var rest = (Data(head.utf8) + body)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(file, $0.baseAddress, $0.count, noSignal) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// Answers requests on a free port of loopback, one thread a connection.
final class Server: Sendable {
  let port: UInt16

  init(_ answer: @escaping @Sendable (Message) -> (status: Int, body: Data)) {
    let listener = socket(AF_INET, stream, 0)
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 256) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { fatalError("no port on loopback") }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread {
      while true {
        let file = accept(listener, nil, nil)
        guard file >= 0 else { continue }
        Thread.detachNewThread {
          let connection = Connection(file)
          while let message = connection.read() {
            let (status, body) = answer(message)
            guard connection.write("HTTP/1.1 \(status) X", [], body) else { return }
          }
        }
      }
    }
  }
}

#if canImport(Darwin)
  private let stream = SOCK_STREAM
  private let noSignal: Int32 = 0
#else
  private let stream = Int32(SOCK_STREAM.rawValue)
  private let noSignal = Int32(MSG_NOSIGNAL)
#endif

private func loopback(_ port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return address
}
