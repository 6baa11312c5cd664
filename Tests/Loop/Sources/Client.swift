import Foundation

/// The gateway as its own process.
final class GatewayProcess {
  private let process = Process()
  let port: UInt16

  init(_ options: Loop.Options, speed: Double, epoch: Double) throws {
    process.executableURL = URL(filePath: options.gateway)
    process.arguments = [
      "--config", options.folder + "/gateway.yaml", "--clock-speed", "\(speed)", "--clock-epoch", "\(epoch)",
    ]
    let path = options.folder + "/gateway.log"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(filePath: path))
    try process.run()
    var found: UInt16?
    for _ in 0..<300 where found == nil && process.isRunning {
      Thread.sleep(forTimeInterval: 0.1)
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      found = text.firstMatch(of: #/address=127\.0\.0\.1:(\d+)/#).flatMap { UInt16($0.1) }
    }
    guard let found else {
      process.terminate()
      throw Failure("the gateway did not start: \((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")")
    }
    port = found
  }

  /// As SIGTERM: what is in progress is finished, what was recorded is written.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }
}

/// A client of the gateway with one kept connection.
struct Client {
  let port: UInt16
  private var connection: Connection?

  init(port: UInt16) { self.port = port }

  /// Asks a row; its result is an error where the status is not 200.
  mutating func ask(_ row: World.Row, model: String, isCopied: Bool = true) -> Report.Seen {
    var seen = Report.Seen(row: row.id)
    let body: [String: Any] = ["model": model, "messages": row.messages, "user": row.id]
    guard let data = try? JSONSerialization.data(withJSONObject: body) else { return seen }
    let headers =
      ["Host: 127.0.0.1:\(port)", "x-ockham-session: \(row.conversation)"] + (isCopied ? [] : ["x-ockham-no-shadow: 1"])
    for _ in 0..<2 {
      if connection == nil { connection = Connection(port: port) }
      if let connection, connection.write("POST /v1/chat/completions HTTP/1.1", headers, data),
        let answer = connection.read()
      {
        seen.status = answer.status
        seen.requestID = answer.headers["x-ockham-request-id"]
        return seen
      }
      connection = nil
    }
    return seen
  }

  func get(_ path: String) -> String? {
    guard let connection = Connection(port: port),
      connection.write("GET \(path) HTTP/1.1", ["Host: 127.0.0.1:\(port)"], Data())
    else { return nil }
    return connection.read().map { String(decoding: $0.body, as: UTF8.self) }
  }

  func post(_ path: String, _ body: [String: Any]) -> Int? {
    guard let data = try? JSONSerialization.data(withJSONObject: body), let connection = Connection(port: port),
      connection.write("POST \(path) HTTP/1.1", ["Host: 127.0.0.1:\(port)"], data)
    else { return nil }
    return connection.read()?.status
  }
}

/// What several clients send, and what they saw.
final class Desk: @unchecked Sendable {
  private let lock = NSLock()
  private var queue: ArraySlice<[World.Row]>
  /// What begins anew where the queue ends: the same requests as conversations of their own.
  private let source: [[World.Row]]
  private var round = 0
  private var isClosed = false
  private var change: ((World.Row) -> World.Row)?
  private(set) var seen: [Report.Seen] = []

  init(_ queue: ArraySlice<[World.Row]>) { (self.queue, source) = (queue, []) }

  /// Never ends, until it is closed.
  init(endless source: [[World.Row]]) { (queue, self.source) = ([], source) }

  func next() -> [World.Row]? {
    lock.lock()
    defer { lock.unlock() }
    if isClosed { return nil }
    if queue.isEmpty, !source.isEmpty {
      round += 1
      queue =
        source.map { rows in
          rows.map { row in
            var again = row
            again.conversation += " \(round)"
            return again
          }
        }[...]
    }
    return queue.popFirst().map { rows in change.map(rows.map) ?? rows }
  }

  /// What is sent from now on is changed so.
  func change(_ change: @escaping (World.Row) -> World.Row) {
    lock.lock()
    defer { lock.unlock() }
    self.change = change
  }

  /// How many requests were answered.
  var count: Int {
    lock.lock()
    defer { lock.unlock() }
    return seen.count
  }

  func close() {
    lock.lock()
    defer { lock.unlock() }
    isClosed = true
  }

  func note(_ answer: Report.Seen) {
    lock.lock()
    defer { lock.unlock() }
    seen.append(answer)
  }
}
