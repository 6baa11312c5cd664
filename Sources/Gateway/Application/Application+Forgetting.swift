import Foundation
import GatewayCore
import RequestLog
import TextKit

/// Whose requests the command line names.
package enum ForgottenName: Sendable, Hashable {
  /// The conversation's name in the log, or the id of one of its requests.
  case conversation(String)
  /// The virtual key's name.
  case key(String)
}

extension Application {
  /// Requests that one transaction deletes, so that a gateway beside is not kept waiting.
  static let forgottenRows = 256

  /// Deletes what the database of a configuration keeps of a conversation or a key: log, labels, ratings, feedback, attempts.
  ///
  /// A gateway may write to the same file meanwhile: what it had not written yet is looked for again after a pause.
  ///
  /// - Returns: what was done, in a sentence.
  /// - Throws: ``StartFailure`` where the configuration or the database cannot be used.
  package static func forget(
    _ name: ForgottenName, _ options: GatewayOptions, pauseSeconds: Double = 1
  ) throws(StartFailure) -> String {
    let configuration = try StartupInputs.configuration(options).0
    guard let path = configuration.telemetry.path else {
      throw StartFailure(
        exitStatus: 65, "telemetry.path: expected a database, found none; without one nothing is kept of requests")
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw StartFailure(exitStatus: 66, "\(path): expected the gateway's database, found none; check telemetry.path")
    }
    let subject = subject(name, configuration)
    let (count, isCompact): (Int, Bool)
    do {
      let file = try SQLiteFile(path: path, lockSeconds: 30, overwrites: true)
      let store = SQLiteTelemetry(file)
      defer { store.close() }
      var deleted = try forget(subject, in: store)
      Thread.sleep(forTimeInterval: pauseSeconds)
      deleted += try forget(subject, in: store)
      (count, isCompact) = (deleted, file.compact())
    } catch { throw StartFailure(exitStatus: 74, "\(error)") }
    return sentence(name, count, path, subject)
      + (isCompact
        ? "" : "; \(path)-wal could not be emptied while others read: run this again, or stop the gateway once")
  }

  private static func forget(_ subject: ForgottenSubject, in store: SQLiteTelemetry) throws -> Int {
    var total = 0
    while true {
      let count = try store.forget(subject, limit: forgottenRows)
      total += count
      guard case .key = subject, count == forgottenRows else { return total }
    }
  }

  private static func subject(_ name: ForgottenName, _ configuration: GatewayConfiguration) -> ForgottenSubject {
    switch name {
    case .conversation(let id): .conversation(id)
    case .key(let key): .key(key, keepsBudget: configuration.keys.contains { $0.name == key })
    }
  }

  private static func sentence(
    _ name: ForgottenName, _ count: Int, _ path: String, _ subject: ForgottenSubject
  ) -> String {
    let requests = "\(path): \(NumberFormat.count(count)) requests"
    switch name {
    case .conversation(let id): return "\(requests) of the conversation \(SafeText.label(id)) forgotten"
    case .key(let key):
      let rest =
        subject == .key(key, keepsBudget: true)
        ? "; what its budget counts stays, since the key is still configured" : ""
      return "\(requests) of the key \(SafeText.label(key)) forgotten; what they cost stays as no one's\(rest)"
    }
  }
}
