import ArgumentParser
import Foundation
import Registry
import RequestLog
import TextKit
import Workflow

/// `ockham verify`: whether anybody changed what was written down.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Find the first break in the receipts of a gateway's log, the journal of a registry, or a certificate.",
    discussion: """
      Example:

        ockham verify log.sqlite
        ockham verify log.sqlite registry router/certificate.json --format json

      A gateway chains its decisions: each receipt holds the hash of the one before and of its own decision. A registry chains its journal. \
      A certificate holds what a guarantee was proven from, as numbers, and is proven again from them; no text of a request is needed. The \
      exit code is 0 where all is whole, 1 where something is not.
      """)

  @Argument(
    help: "Databases of gateways, folders of registries, certificates of guarantees.", completion: .file())
  var paths: [String]

  @Option(help: "How to print the result.")
  var format: ComparisonFormat = .table

  func run() throws {
    try Failure.report {
      var results: [(sentences: [String], json: JSONNode, isWhole: Bool)] = []
      for path in paths { results.append(try Self.check(path)) }
      switch format {
      case .table:
        try StandardOutput.write(
          results.map { $0.sentences.joined(separator: "\n") }.joined(separator: "\n\n") + "\n", as: .text)
      case .json:
        try StandardOutput.write(JSONNode.object([("checked", .array(results.map(\.json)))]).text(), as: .json)
      }
      let broken = results.count { !$0.isWhole }
      if broken > 0 { throw Failure.refused("\(broken) of \(results.count) \(broken == 1 ? "is" : "are") not whole") }
    }
  }

  private static func check(_ path: String) throws -> (sentences: [String], json: JSONNode, isWhole: Bool) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw LogError.missing(path: path)
    }
    if path.hasSuffix(".json") {
      let checked = try CertificateCheck(path: path)
      return (checked.sentences, checked.json, checked.fault == nil)
    }
    if !isFolder.boolValue, !isDatabase(path) {
      throw WorkflowError.badData(
        "\(path): expected a gateway's database, a registry's folder or a certificate (.json), found another file; name the "
          + "database that the gateway writes")
    }
    let found =
      try isFolder.boolValue ? LogVerification(journalOf: path) : LogVerification(receiptsOf: path)
    return (found.sentences, found.json, found.firstBreak == nil)
  }

  /// Whether a file begins as SQLite's do, or is empty, as a new database is.
  private static func isDatabase(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 16) else { return true }
    return head.isEmpty || Array(head) == Array("SQLite format 3\0".utf8)
  }
}
