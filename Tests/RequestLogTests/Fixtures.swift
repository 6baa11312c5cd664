import Foundation
import Ockham
import Testing

@testable import RequestLog

/// A folder that is removed when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "requestlog-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  func file(_ name: String, _ text: String) throws -> String { try file(name, text.utf8) }

  /// The names of the files in the folder.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// The golden files of this target, written by `generate.py` beside them.
enum Golden {
  static func path(_ name: String) -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appendingPathComponent("Golden/RequestLog/" + name).path
  }

  static func values() throws -> [String: [[String: Any]]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path("golden.json")))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]])
  }
}

/// Bytes handed out in pieces of a chosen size, without a file.
final class PieceInput: ByteInput {
  let path = "pieces"
  private(set) var bytesRead = 0
  var totalBytes: Int? { bytes.count }
  private let bytes: [UInt8]
  private let pieceBytes: Int

  init(_ bytes: [UInt8], pieceBytes: Int) {
    self.bytes = bytes
    self.pieceBytes = pieceBytes
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    let piece = bytes[bytesRead...].prefix(min(pieceBytes, buffer.count))
    unsafe buffer.copyBytes(from: piece)
    bytesRead += piece.count
    return piece.count
  }
}

/// Reads a whole log from text.
func entries(_ text: String, options: LogOptions = LogOptions()) throws -> [LogEntry] {
  try entries(Array(text.utf8), options: options)
}

func entries(_ bytes: [UInt8], options: LogOptions = LogOptions()) throws -> [LogEntry] {
  let reader = try JSONLReader(PieceInput(bytes, pieceBytes: 1 << 16), options: options)
  var entries: [LogEntry] = []
  while let entry = try reader.next() { entries.append(entry) }
  return entries
}

/// The only record of a line; fails the test where it is rejected.
func record(_ line: String, options: LogOptions = LogOptions()) throws -> LogRecord {
  let all = try entries(line + "\n", options: options)
  try #require(all.count == 1)
  return try #require(all[0].record, "\(all[0])")
}

extension LogEntry {
  var record: LogRecord? {
    guard case .record(let record) = self else { return nil }
    return record
  }

  var problem: LogProblem? {
    guard case .rejected(let problem) = self else { return nil }
    return problem
  }
}

/// Reads a source to its end.
func drain(_ source: LogSource) throws -> (records: [LogRecord], summary: LogSummary) {
  var records: [LogRecord] = []
  let summary = try source.forEachRecord { records.append($0) }
  return (records, summary)
}

/// The error that an operation ends with.
func logError(_ body: () throws -> Void) -> LogError? {
  do { try body() } catch { return error as? LogError }
  return nil
}

/// SplitMix64: the same numbers on every run. Source: Steele, Lea, Flood, 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
