import Foundation
import Synchronization
import Testing

@testable import RequestLog

@Suite struct SourceTests {
  private static let line = #"{"prompt":"x"}"# + "\n"

  @Test func severalPathsAndSummary() throws {
    let folder = try TemporaryFolder()
    let first = try folder.file("a.jsonl", #"{"id":"1","prompt":"x"}"# + "\n" + #"{"id":"1","prompt":"y"}"# + "\nno\n")
    let second = try folder.file("b.jsonl", #"{"id":"1","prompt":"z"}"# + "\n")
    let empty = try folder.file("c.jsonl", "")
    let (records, summary) = try drain(LogSource(paths: [first, second, empty]))
    #expect(records.map(\.request.segments[0].text) == ["x", "z"], "ids are unique within a log, not across logs")
    #expect(summary.records == 2 && summary.rejectedCount == 2 && summary.duplicates == 1)
    #expect(summary.rejected == [.duplicateID: 1, .invalidJSON: 1])
    #expect(summary.problems.map(\.position) == [.line(2), .line(3)])
    #expect(summary.bytesRead == 24 + 24 + 3 + 24 && summary.emptyPaths == [empty])
    #expect(summary.description == "2 records read, 2 rejected: 1 duplicate_id, 1 invalid_json; nothing in \(empty)")
  }

  @Test func defaultIDsNameTheFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", "\n" + Self.line)
    #expect(try LogSource(paths: [path]).readAll().records.map(\.id) == ["a.jsonl:2"])
  }

  @Test func strict() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", Self.line + "no\n" + Self.line)
    var stream = try LogSource(paths: [path], options: LogOptions(isStrict: true)).open()
    #expect(try stream.next()?.record != nil)
    let error = logError { _ = try stream.next() }
    guard case .rejected(let problem) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(problem.position == .line(2) && error?.exitStatus == 65)
    #expect(try stream.next() == nil)
  }

  @Test func keptProblems() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", String(repeating: "no\n", count: 30))
    let options = LogOptions(keptProblems: 4)
    let summary = try drain(LogSource(paths: [path], options: options)).summary
    #expect(summary.problems.count == 4 && summary.rejectedCount == 30)
    #expect(logError { _ = try LogSource(paths: [path]).readAll() } == .noRecords(paths: [path], rejected: 30))
  }

  @Test func progress() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", String(repeating: Self.line, count: 200_000))
    let seen = Mutex<[LogProgress]>([])
    let options = LogOptions(onProgress: { progress in seen.withLock { $0.append(progress) } })
    let summary = try drain(LogSource(paths: [path, path], options: options)).summary
    let steps = seen.withLock { $0 }
    #expect(steps.count > 4 && steps.map(\.bytesRead) == steps.map(\.bytesRead).sorted())
    #expect(steps.last?.bytesRead == 6_000_000 && summary.bytesRead == 6_000_000)
    #expect(steps.allSatisfy { $0.totalBytes == 6_000_000 } && steps.last?.fraction == 1)
  }

  @Test func whatCannotBeOpened() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none.jsonl"
    let good = try folder.file("a.jsonl", Self.line)
    #expect(logError { _ = try LogSource(paths: [good, missing]).open() } == .missing(path: missing))
    #expect(logError { _ = try LogSource(paths: [folder.path]).open() } == .isDirectory(path: folder.path))
    #expect(logError { _ = try LogSource(paths: []).open() } == .noPaths)
    #expect(LogError.missing(path: missing).exitStatus == 66)
  }

  @Test(arguments: [
    (Array("[{\"prompt\":\"x\"}]\n".utf8), "a JSON array"), (Array("[\n{\"prompt\":\"x\"}\n]\n".utf8), "a JSON array"),
    (Array("{\n\"prompt\":\"x\"\n}\n".utf8), "JSON over several lines"), ([0x50, 0x4B, 3, 4, 9, 9], "a zip archive"),
    ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard data"), ([0xFF, 0xFE, 0x7B, 0], "UTF-16 text"),
    ([0x7B, 0, 0x22, 0], "binary data"),
    (Array("PAR1xxxx".utf8), "a Parquet file"),
  ])
  func notALog(bytes: [UInt8], found: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", bytes)
    guard case .notALog(path, found, _) = logError({ _ = try drain(LogSource(paths: [path])) }) else {
      return #expect(Bool(false))
    }
  }

  @Test func pipesAreNotConsumedByTheCheck() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe"
    try #require(unsafe mkfifo(path, 0o600) == 0)
    let line = Self.line
    let writer = Thread { try? Data(line.utf8).write(to: URL(fileURLWithPath: path), options: []) }
    writer.start()
    #expect(try drain(LogSource(paths: [path])).records.count == 1)
  }

  @Test func everyErrorSaysWhereAndWhatToDo() {
    let problem = LogProblem(path: "p", position: .line(1), violation: .tooDeep)
    let errors: [LogError] = [
      .missing(path: "p"), .isDirectory(path: "p"), .cannotOpen(path: "p", reason: "r"),
      .readFailed(path: "p", byteCount: 1, reason: "r"), .notALog(path: "p", found: "f", remedy: "m"),
      .gzipTruncated(path: "p", byteCount: 1), .gzipCorrupt(path: "p", byteCount: 1, reason: "r"),
      .databaseCorrupt(path: "p", reason: "r"), .databaseSchema(path: "p", missing: "m"),
      .databaseFailed(path: "p", code: 1, reason: "r"), .outOfMemory(path: "p", byteCount: 1), .rejected(problem),
      .noRecords(paths: ["p"], rejected: 1), .writeFailed(path: "p", reason: "r"),
      .unwritable(path: "p", record: 1, violation: .tooDeep), .duplicateID(path: "p", record: 1),
      .alreadyFinished(path: "p"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("p") && error.description.contains("; "), "\(error)")
      #expect([64, 65, 66, 74].contains(error.exitStatus))
    }
    #expect(LogError.noPaths.description.contains("; ") && LogError.noPaths.exitStatus == 64)
  }
}

@Suite struct GzipTests {
  @Test func membersAndPadding() throws {
    let (records, summary) = try drain(LogSource(paths: [Golden.path("members.jsonl.gz")]))
    #expect(records.map(\.id) == (0..<40).map { "r\($0)" })
    #expect(records.map { $0.outcomes[0].quality } == (0..<40).map { Double($0 % 2) })
    #expect(summary.rejectedCount == 0)
  }

  /// Cut anywhere inside a member, the file is reported as cut; between members it is whole.
  @Test func truncated() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Golden.path("members.jsonl.gz")))
    let folder = try TemporaryFolder()
    for count in stride(from: 19, to: 150, by: 1) {
      let path = try folder.file("cut.gz", bytes.prefix(count))
      let error = logError { _ = try drain(LogSource(paths: [path])) }
      let isBoundary = count == Self.firstMemberBytes(of: bytes)
      #expect(isBoundary ? error == nil : error == .gzipTruncated(path: path, byteCount: count), "\(count)")
    }
  }

  @Test func corrupt() throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: Golden.path("members.jsonl.gz")))
    let folder = try TemporaryFolder()
    bytes[Self.firstMemberBytes(of: bytes) - 6] ^= 0xFF
    let flipped = try folder.file("flipped.gz", bytes)
    guard case .gzipCorrupt = logError({ _ = try drain(LogSource(paths: [flipped])) }) else {
      return #expect(Bool(false))
    }
    let tail = try folder.file(
      "tail.gz", bytes.prefix(0) + (try Data(contentsOf: URL(fileURLWithPath: Golden.path("members.jsonl.gz")))) + [1])
    guard case .gzipCorrupt = logError({ _ = try drain(LogSource(paths: [tail])) }) else { return #expect(Bool(false)) }
  }

  /// The second member starts with the magic bytes again.
  private static func firstMemberBytes(of bytes: Data) -> Int {
    bytes.range(of: Data([0x1F, 0x8B, 0x08]), in: 10..<bytes.count)?.lowerBound ?? 0
  }
}
