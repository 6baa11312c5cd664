import Foundation
import Synchronization
import TextKit

@testable import Labelling

/// An endpoint on this machine that answers chat completions as a test wants, by plain sockets.
final class MockJudge: Sendable {
  /// What to send back.
  struct Reply: Sendable {
    var status = 200
    var headers: [String] = []
    var body = ""
    /// Seconds to wait first.
    var delay = 0.0
    /// Whether to hang up instead.
    var hangsUp = false

    /// A completion of the given text, and 100 + 10 tokens.
    static func text(_ text: String) -> Reply {
      let content = String(decoding: JSONNode.string(text).jsonBytes, as: UTF8.self)
      return Reply(
        body: #"{"choices":[{"message":{"content":\#(content)}}],"usage":{"prompt_tokens":100,"completion_tokens":10}}"#
      )
    }

    static func verdict(_ verdict: String) -> Reply { text("{\"verdict\":\"\(verdict)\"}") }
  }

  /// One request as it came.
  struct Call: Sendable {
    var number: Int
    var head: String
    var body: String

    /// The answer that stands at A.
    var firstAnswer: String { part("[answer A ") }
    var secondAnswer: String { part("[answer B ") }

    private func part(_ mark: String) -> String {
      guard let text = try? JSONParser.parse(Array(body.utf8))["messages"]?.elements?.last?["content"]?.string else {
        return ""
      }
      guard let start = text.range(of: mark) else { return "" }
      let rest = text[start.upperBound...].drop { $0 != "\n" }.dropFirst()
      return String(rest.prefix(upTo: rest.range(of: "\n[end")?.lowerBound ?? rest.endIndex))
    }
  }

  private struct State {
    var calls: [Call] = []
    var open = 0
    var mostOpen = 0
    var isStopped = false
  }

  let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())
  private let respond: @Sendable (Call) -> Reply

  init(_ respond: @escaping @Sendable (Call) -> Reply) throws {
    self.respond = respond
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    port = try unsafe withUnsafeMutablePointer(to: &address) { pointer in
      try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard unsafe bind(listener, generic, length) == 0, listen(listener, 64) == 0 else {
          throw POSIXError(.EADDRINUSE)
        }
        guard unsafe getsockname(listener, generic, &length) == 0 else { throw POSIXError(.EADDRINUSE) }
      }
      return unsafe UInt16(bigEndian: pointer.pointee.sin_port)
    }
    Thread.detachNewThread { [self] in acceptAll() }
  }

  var address: String { "http://127.0.0.1:\(port)/v1" }
  var calls: [Call] { state.withLock(\.calls) }
  var mostOpen: Int { state.withLock(\.mostOpen) }

  func stop() {
    state.withLock { $0.isStopped = true }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func acceptAll() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 || state.withLock(\.isStopped) {
        close(listener)
        return
      }
      Thread.detachNewThread { [self] in serve(connection) }
    }
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let (head, body) = Self.read(connection) else { return }
    let call = state.withLock { state in
      state.open += 1
      state.mostOpen = max(state.mostOpen, state.open)
      state.calls.append(Call(number: state.calls.count + 1, head: head, body: body))
      return state.calls[state.calls.count - 1]
    }
    let reply = respond(call)
    if reply.delay > 0 { Thread.sleep(forTimeInterval: reply.delay) }
    state.withLock { $0.open -= 1 }
    if reply.hangsUp { return }
    let lines = [
      "HTTP/1.1 \(reply.status) X", "Content-Type: application/json", "Connection: close",
      "Content-Length: \(reply.body.utf8.count)",
    ]
    let bytes = Array(((lines + reply.headers).joined(separator: "\r\n") + "\r\n\r\n" + reply.body).utf8)
    _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  private static func read(_ connection: Int32) -> (String, String)? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = String(text[..<end.lowerBound])
      let header = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      let length = header.flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
      let body = String(text[end.upperBound...])
      if body.utf8.count >= length { return (head, body) }
    }
  }
}
