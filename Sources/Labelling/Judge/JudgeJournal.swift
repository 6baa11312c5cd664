import Ockham
import Foundation
import RequestLog
import TextKit
import Synchronization

/// The verdicts that have been paid for, a JSON line each, written as they come: a killed run goes on where it was.
///
/// A line holds a hash, a verdict, tokens and a cost; no text. A last line that was cut is closed off and forgotten.
package final class JudgeJournal: Sendable {
  /// What a call gave.
  package struct Entry: Sendable, Hashable {
    /// `nil` where the judge gave no verdict that could be read, whatever was tried.
    package var verdict: Verdict?
    package var costUSD: Double
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var totalCostUSD = 0.0
  }

  private let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  /// Opens or creates a journal and reads what is there.
  /// - Throws: ``LabelError/journal(path:reason:)``, also where another run holds it.
  package init(path: String) throws(LabelError) {
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

  /// What a call gave in this or an earlier run.
  package func entry(for key: String) -> Entry? { state.withLock { $0.entries[key] } }

  /// US dollars that the calls in the journal have cost.
  package var totalCostUSD: Double { state.withLock(\.totalCostUSD) }

  /// Adds what a call gave; it is on its way to the disk when this returns.
  func add(_ entry: Entry, for key: String) throws(LabelError) {
    let verdict = entry.verdict.map { JSONText.quote($0.rawValue) } ?? "null"
    try append("{\"key\":\"\(key)\",\"verdict\":\(verdict),\"cost_usd\":\(entry.costUSD)}\n")
    keep(entry, for: key)
  }

  /// Adds what a call without a verdict cost.
  func add(costUSD: Double) throws(LabelError) {
    guard costUSD > 0 else { return }
    try append("{\"cost_usd\":\(costUSD)}\n")
    state.withLock { $0.totalCostUSD += costUSD }
  }

  private func keep(_ entry: Entry, for key: String) {
    state.withLock { state in
      state.entries[key] = entry
      state.totalCostUSD += entry.costUSD
    }
  }

  private func append(_ line: String) throws(LabelError) {
    let bytes = Array(line.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Self.fault(path, "cannot write the journal") }
  }

  private func load() throws(LabelError) {
    let reader: RawLineReader
    do throws(LogError) {
      reader = try RawLineReader(path: path)
      var number = 0
      while let line = try reader.next() {
        number += 1
        read(line.bytes)
      }
    } catch { throw .journal(path: path, reason: "cannot read the journal") }
    var last: UInt8 = 0x0A
    let end = lseek(descriptor, 0, SEEK_END)
    if end > 0 { _ = unsafe pread(descriptor, &last, 1, end - 1) }
    if last != 0x0A { try append("\n") }
  }

  /// Takes a line; what is no entry, such as a cut line, is passed over.
  private func read(_ line: [UInt8]) {
    guard let node = try? JSONParser.parse(line), let cost = node["cost_usd"]?.number, cost >= 0 else { return }
    guard let key = node["key"]?.string else {
      state.withLock { $0.totalCostUSD += cost }
      return
    }
    keep(Entry(verdict: node["verdict"]?.string.flatMap(Verdict.init(rawValue:)), costUSD: cost), for: key)
  }

  private static func fault(_ path: String, _ what: String) -> LabelError {
    .journal(path: path, reason: unsafe "\(what): \(String(cString: strerror(errno)))")
  }
}
