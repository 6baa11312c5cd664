import Foundation
import Ockham
import Testing

@testable import RequestLog

/// A folder of made-up inputs that is removed when the test is over.
final class ImportFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "import-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders in its name, and returns its path.
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Imports files and reads the log back.
  func run(
    _ format: ImportFormat, _ paths: [String], _ options: ImportOptions = ImportOptions(), output: String = "out.jsonl"
  ) throws -> (records: [LogRecord], summary: ImportSummary) {
    let log = path + "/" + output
    let summary = try LogImport(format: format, paths: paths, options: options).run(writingTo: log)
    return (try LogSource(paths: [log]).readAll().records, summary)
  }
}

/// Bytes handed out in pieces of a chosen size.
final class SmallPieces: ByteInput {
  let path = "pieces"
  private(set) var bytesRead = 0
  var totalBytes: Int? { bytes.count }
  private let bytes: [UInt8]
  private let pieceBytes: Int

  init(_ text: String, pieceBytes: Int) {
    bytes = Array(text.utf8)
    self.pieceBytes = pieceBytes
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    let piece = bytes[bytesRead...].prefix(min(pieceBytes, buffer.count))
    unsafe buffer.copyBytes(from: piece)
    bytesRead += piece.count
    return piece.count
  }
}

extension LogRecord {
  var prompt: String { request.segments.last?.text ?? "" }

  /// Qualities by model.
  var qualities: [String: Double?] { Dictionary(outcomes.map { ($0.name, $0.quality) }) { $1 } }
}

/// The error that an import ends with.
func importError(_ body: () throws -> Void) -> ImportError? {
  do { try body() } catch { return error as? ImportError }
  return nil
}
