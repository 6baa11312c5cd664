import Foundation

/// The order that arrows must follow, from the file `layers`: a line per target, `Target path: allowed targets | Folder Folder …`, folders from the
/// top to the bottom.
struct Layers {
  struct Line {
    let target: String
    let path: String
    let mayImport: [String]
    let folders: [String]
  }

  let lines: [Line]

  init(_ file: URL) throws {
    lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return nil }
      let head = line[..<colon].split(separator: " ").map(String.init)
      let sides = line[line.index(after: colon)...].split(separator: "|", omittingEmptySubsequences: false)
      return Line(
        target: head[0], path: head.count > 1 ? head[1] : "Sources/\(head[0])",
        mayImport: sides[0].split(separator: " ").map(String.init),
        folders: sides.count > 1 ? sides[1].split(separator: " ").map(String.init) : ["root"])
    }
  }
}
