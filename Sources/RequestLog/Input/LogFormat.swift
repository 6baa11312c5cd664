/// What a file is, by its first bytes.
enum LogFormat: Equatable {
  case jsonLines
  case gzip
  case sqlite
  /// Something that is not a log: what it seems to be, and what to do with it.
  case other(found: String, remedy: String)

  /// Detects the format from at least 16 first bytes, or from all bytes of a shorter file.
  init(head: [UInt8]) {
    if head.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if head.starts(with: Self.sqliteMagic) {
      self = .sqlite
    } else if let signature = Self.signatures.first(where: { head.starts(with: $0.bytes) }) {
      self = .other(found: signature.found, remedy: signature.remedy)
    } else {
      self = .jsonLines
    }
  }

  /// - Throws: ``LogError/notALog(path:found:remedy:)`` for what no reader of logs takes.
  func check(path: String) throws(LogError) {
    switch self {
    case .sqlite where path == "-":
      throw .notALog(path: path, found: "a SQLite database on standard input", remedy: "name its file instead")
    case .other(let found, let remedy): throw .notALog(path: path, found: found, remedy: remedy)
    case .jsonLines, .gzip, .sqlite: break
    }
  }

  private static let sqliteMagic = Array("SQLite format 3\0".utf8)

  private static let unpack = "unpack it, or compress it with gzip"
  private static let convert = "write it as JSON lines in UTF-8"

  private static let signatures: [(bytes: [UInt8], found: String, remedy: String)] = [
    ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard data", unpack),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz data", unpack),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive", unpack),
    (Array("BZh".utf8), "bzip2 data", unpack),
    (Array("PAR1".utf8), "a Parquet file", convert),
    (Array("ARROW1".utf8), "an Arrow file", convert),
    ([0xFF, 0xFE], "UTF-16 text", convert),
    ([0xFE, 0xFF], "UTF-16 text", convert),
  ]
}
