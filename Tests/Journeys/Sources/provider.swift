import Foundation

/// A scripted provider on loopback, for journeys: it speaks as OpenAI does, and what it answers follows from the request alone, so that
/// journeys can say what they expect. `provider FOLDER` writes its port to FOLDER/port and a line a call to FOLDER/calls.
///
/// Questions are sums, "What is 17 + 25? …", with the word easy or hard. `big-model` gets all right but one in twenty;
/// `mini-model` gets the easy ones right, and of the hard ones one in eight. `judge-model` compares or scores what it is shown with
/// the sum in the request. The first call of each model is told to come back in a second.

let folder = CommandLine.arguments[1]

func text(of node: Any?) -> String { (node as? String) ?? "" }

/// The two numbers of the first sum in a text.
func sum(in text: String) -> (Int, Int)? {
  guard let match = text.firstMatch(of: #/What is (\d+) \+ (\d+)\?/#), let one = Int(match.1), let two = Int(match.2)
  else {
    return nil
  }
  return (one, two)
}

func answer(model: String, question: String) -> String {
  guard let (one, two) = sum(in: question) else { return "I do not know." }
  let isHard = question.contains("hard")
  let isRight = model == "big-model" ? (one * 7 + two) % 20 != 0 : !isHard || (one + two) % 8 == 0
  return "The answer is \(one + two + (isRight ? 0 : 1))." + (model == "big-model" ? " I added both numbers." : "")
}

/// What a judge is shown under a title of its fence.
func part(_ title: String, of text: String) -> String {
  guard let start = text.range(of: "[\(title) ") else { return "" }
  let rest = text[start.upperBound...].drop { $0 != "\n" }.dropFirst()
  return String(rest.prefix(upTo: rest.range(of: "\n[end ")?.lowerBound ?? rest.endIndex))
}

func verdict(system: String, shown: String) -> String {
  let right = sum(in: part("request", of: shown)).map { "\($0 + $1)." } ?? "?"
  func isRight(_ title: String) -> Bool { part(title, of: shown).contains("The answer is \(right)") }
  guard system.contains("compare two answers") else { return "{\"score\":\(isRight("answer") ? 1 : 0)}" }
  let (first, second) = (isRight("answer A"), isRight("answer B"))
  return "{\"verdict\":\"\(first == second ? "tie" : first ? "A" : "B")\"}"
}

/// What is sent back, and whether it is an answer.
struct Reply {
  var status = 200
  var headers = ""
  var body: String
}

final class Provider: @unchecked Sendable {
  private let lock = NSLock()
  private var seen: Set<String> = []
  private let log: FileHandle

  init() {
    _ = FileManager.default.createFile(atPath: folder + "/calls", contents: nil)
    guard let log = FileHandle(forWritingAtPath: folder + "/calls") else { fatalError("cannot write \(folder)/calls") }
    self.log = log
  }

  func reply(to body: String, authorisation: String) -> Reply {
    guard let request = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] else {
      return Reply(status: 400, body: "{}")
    }
    let model = text(of: request["model"])
    let messages = request["messages"] as? [[String: Any]] ?? []
    let user = text(of: messages.last?["content"])
    lock.lock()
    let isFirst = seen.insert(model).inserted
    log.write(Data("\(model) \(authorisation) \(isFirst ? 429 : 200)\n".utf8))
    lock.unlock()
    if isFirst { return Reply(status: 429, headers: "Retry-After: 1\r\n", body: "{}") }
    let content =
      model == "judge-model"
      ? verdict(system: text(of: messages.first?["content"]), shown: user) : answer(model: model, question: user)
    let message: [String: Any] = ["role": "assistant", "content": content]
    let object: [String: Any] = [
      "choices": [["index": 0, "message": message, "finish_reason": "stop"]],
      "usage": ["prompt_tokens": body.utf8.count / 4, "completion_tokens": content.utf8.count / 4 + 1],
    ]
    let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    return Reply(body: String(decoding: data, as: UTF8.self))
  }

  func serve(_ connection: Int32) {
    defer { close(connection) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let lines = text[..<end.lowerBound].split(separator: "\r\n")
      func header(_ name: String) -> String? {
        lines.first { $0.lowercased().hasPrefix(name + ":") }
          .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
      }
      let body = String(text[end.upperBound...])
      guard body.utf8.count >= header("content-length").flatMap({ Int($0) }) ?? 0 else { continue }
      send(reply(to: body, authorisation: header("authorization") ?? "none"), to: connection)
      return
    }
  }

  private func send(_ reply: Reply, to connection: Int32) {
    let head =
      "HTTP/1.1 \(reply.status) X\r\nContent-Type: application/json\r\nConnection: close\r\n\(reply.headers)"
      + "Content-Length: \(reply.body.utf8.count)\r\n\r\n"
    var rest = Array((head + reply.body).utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

signal(SIGPIPE, SIG_IGN)
#if canImport(Darwin)
  let stream = SOCK_STREAM
#else
  let stream = Int32(SOCK_STREAM.rawValue)
#endif
let listener = socket(AF_INET, stream, 0)
var address = sockaddr_in()
address.sin_family = sa_family_t(AF_INET)
address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
var length = socklen_t(MemoryLayout<sockaddr_in>.size)
let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
  pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
    bind(listener, generic, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, generic, &length) == 0
  } ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
}
guard let port else { fatalError("no port on loopback") }
let provider = Provider()
try Data("\(port)\n".utf8).write(to: URL(filePath: folder + "/port"), options: .atomic)
while true {
  let connection = accept(listener, nil, nil)
  guard connection >= 0 else { continue }
  Thread.detachNewThread { provider.serve(connection) }
}
