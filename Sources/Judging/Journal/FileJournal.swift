import Foundation
import Synchronization
import TextKit

/// A journal on disk, a JSON line a call, written as they come: a killed run goes on where it was.
///
/// A last line that was cut is closed off and forgotten.
package final class FileJournal: JudgeJournal {
  private struct State {
    var entries: [String: JournalEntry] = [:]
    var totalCostUSD = 0.0
  }

  private let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  /// Opens or creates a journal and reads what is there.
  /// - Throws: ``JudgeError/journal(path:reason:)``, also where another run holds it.
  package init(path: String) throws(JudgeError) {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.fault(path, "cannot open the journal") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .journal(path: path, reason: "another run holds this journal")
    }
    try load()
  }

  deinit { close(descriptor) }

  package func entry(for key: String) -> JournalEntry? { state.withLock { $0.entries[key] } }

  package var totalCostUSD: Double { state.withLock(\.totalCostUSD) }

  /// Adds what a call gave; it is on its way to the disk when this returns.
  package func add(_ entry: JournalEntry, for key: String) throws(JudgeError) {
    try append([
      "key": .string(key), "verdict": entry.verdict.map { .string($0.rawValue) } ?? .null,
      "cost_usd": .number(entry.costUSD),
    ])
    keep(entry, for: key)
  }

  package func add(costUSD: Double) throws(JudgeError) {
    guard costUSD > 0 else { return }
    try append(["cost_usd": .number(costUSD)])
    state.withLock { $0.totalCostUSD += costUSD }
  }

  private func keep(_ entry: JournalEntry, for key: String) {
    state.withLock { state in
      state.entries[key] = entry
      state.totalCostUSD += entry.costUSD
    }
  }

  private func append(_ line: KeyValuePairs<String, JSONNode?>) throws(JudgeError) {
    try append(JSONNode.object(line).jsonBytes + [Self.newline])
  }

  private func append(_ bytes: [UInt8]) throws(JudgeError) {
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Self.fault(path, "cannot write the journal") }
  }

  private static let newline = UInt8(ascii: "\n")

  private func load() throws(JudgeError) {
    var rest: [UInt8] = []
    var offset: off_t = 0
    while let chunk = try chunk(at: offset) {
      offset += off_t(chunk.count)
      guard let end = chunk.lastIndex(of: Self.newline) else {
        rest += chunk
        continue
      }
      for line in (rest + chunk[..<end]).split(separator: Self.newline) { read(Array(line)) }
      rest = Array(chunk[(end + 1)...])
    }
    guard !rest.isEmpty else { return }
    read(rest)
    try append([Self.newline])
  }

  /// The bytes from a place on; `nil` at the end.
  private func chunk(at offset: off_t) throws(JudgeError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, offset) }
    guard count >= 0 else { throw Self.fault(path, "cannot read the journal") }
    return count == 0 ? nil : Array(bytes[..<count])
  }

  /// Takes a line; what is no entry, such as a cut line, is passed over.
  private func read(_ line: [UInt8]) {
    guard let node = try? JSONParser.parse(line), let cost = node["cost_usd"]?.number, cost >= 0 else { return }
    guard let key = node["key"]?.string else {
      state.withLock { $0.totalCostUSD += cost }
      return
    }
    keep(JournalEntry(verdict: node["verdict"]?.string.flatMap(Verdict.init(rawValue:)), costUSD: cost), for: key)
  }

  private static func fault(_ path: String, _ what: String) -> JudgeError {
    .journal(path: path, reason: unsafe "\(what): \(String(cString: strerror(errno)))")
  }
}
