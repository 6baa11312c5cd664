import TextKit

/// What ends the reading or writing of a log. Records that are merely bad are ``LogProblem``s.
package enum LogError: Error, Sendable, Hashable {
  /// No path was given.
  case noPaths
  /// There is no such file.
  case missing(path: String)
  /// The path names a directory.
  case isDirectory(path: String)
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// Reading failed after `byteCount` bytes.
  case readFailed(path: String, byteCount: Int, reason: String)
  /// The content is something else than a log.
  case notALog(path: String, found: String, remedy: String)
  /// The content is a form of log that must be imported first, with a command.
  case foreign(path: String, title: String, command: String)
  /// Compressed data ends before its end mark.
  case gzipTruncated(path: String, byteCount: Int)
  /// Compressed data is damaged.
  case gzipCorrupt(path: String, byteCount: Int, reason: String)
  /// The database file is damaged or is no database.
  case databaseCorrupt(path: String, reason: String)
  /// The database lacks a table or column of the log schema.
  case databaseSchema(path: String, missing: String)
  /// The database refused an operation for another reason.
  case databaseFailed(path: String, code: Int, reason: String)
  /// There is no memory for the reader's buffers.
  case outOfMemory(path: String, byteCount: Int)
  /// Strict reading met a record that it must reject.
  case rejected(LogProblem)
  /// Reading ended without a single usable record.
  case noRecords(paths: [String], rejected: Int)
  /// So many qualities are outside 0…1 that the rest misleads.
  case marksOffScale(paths: [String], marks: MarksOffScale, records: Int)
  /// Writing failed.
  case writeFailed(path: String, reason: String)
  /// A record that no reader would accept was to be written.
  case unwritable(path: String, record: Int, violation: RecordViolation)
  /// The log holds a record of this id already.
  case duplicateID(path: String, record: Int)
  /// The writer was used after it had finished.
  case alreadyFinished(path: String)
}

extension LogError: CustomStringConvertible {
  /// One line: path, what is wrong, what to do.
  package var description: String {
    switch self {
    case .noPaths: "no log was named; give at least one path, or - for standard input"
    case .missing(let path): "\(path): no such file; check the path"
    case .isDirectory(let path): "\(path): expected a log file, found a directory; name the files in it"
    case .cannotOpen(let path, let reason): "\(path): cannot open: \(reason); check its permissions"
    case .readFailed(let path, let count, let reason):
      "\(path): reading failed after \(NumberFormat.count(count)) bytes: \(reason); check the disk and run again"
    case .notALog(let path, let found, let remedy):
      "\(path): expected JSON lines, gzip'd JSON lines or a SQLite log, found \(found); \(remedy)"
    case .foreign(let path, let title, let command):
      "\(path): expected a request log, found \(title); write one first: \(command)"
    case .outOfMemory(let path, let count):
      "\(path): no memory for a buffer of \(NumberFormat.count(count)) bytes; lower the limit for one line"
    case .rejected(let problem): "\(problem)"
    case .noRecords(let paths, let rejected):
      "\(paths.joined(separator: ", ")): expected at least one usable record, found none "
        + "(\(NumberFormat.count(rejected)) rejected); check the path and the messages above"
    case .marksOffScale(let paths, let marks, let records):
      "\(paths.joined(separator: ", ")): expected qualities from 0 to 1, found others in \(NumberFormat.count(marks.rows)) of "
        + "\(NumberFormat.count(records + marks.rows)) rows, from \(NumberFormat.short(marks.least, digits: 6)) to "
        + "\(NumberFormat.short(marks.greatest, digits: 6)), and the rest alone would mislead; bring all to 0…1: "
        + marks.command(of: paths.map { SafeText.shell($0) }.joined(separator: " "), output: "scaled.jsonl")
    case .gzipTruncated(let path, let count):
      "\(path): the gzip data ends early, after \(NumberFormat.count(count)) bytes; copy the file again"
    case .gzipCorrupt(let path, let count, let reason):
      "\(path): the gzip data is corrupt near byte \(NumberFormat.count(count)) (\(reason)); copy the file again"
    case .databaseCorrupt(let path, let reason):
      "\(path): the SQLite file is corrupt (\(reason)); restore a copy, or rescue it with `sqlite3 FILE .recover`"
    case .databaseSchema(let path, let missing):
      "\(path): expected the tables requests and outcomes of a request log, found no \(missing); "
        + "name a log, or rewrite it from JSON lines"
    case .databaseFailed(let path, let code, let reason):
      "\(path): SQLite error \(code): \(reason); check that no other program locks it"
    case .writeFailed(let path, let reason):
      "\(path): cannot write: \(reason); check the folder, its permissions and the free space"
    case .unwritable(let path, let record, let violation): "\(path): record \(record): \(violation)"
    case .duplicateID(let path, let record):
      "\(path): record \(record): expected an id that the log does not hold yet, found one that it does; "
        + "give each record its own id"
    case .alreadyFinished(let path): "\(path): the writer has finished; open a new one to append"
    }
  }
}

extension LogError {
  /// The exit status of a command that ends with this error: 64 usage, 65 bad data, 66 missing input, 74 I/O.
  package var exitStatus: Int32 {
    switch self {
    case .noPaths: 64
    case .missing, .isDirectory, .cannotOpen: 66
    case .readFailed, .databaseFailed, .writeFailed, .outOfMemory, .alreadyFinished: 74
    default: 65
    }
  }
}
