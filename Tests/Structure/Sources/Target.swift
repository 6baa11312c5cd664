import Foundation

/// An arrow: a file uses a type or a function that a file of another folder declares.
struct Arrow: Hashable {
  let from: String
  let to: String
}

/// The files of one target and the arrows between its folders.
struct Target {
  let name: String
  let files: [SourceFile]
  /// Every arrow between folders with the places that carry it.
  private(set) var arrows: [Arrow: [String]] = [:]
  /// Pairs of files of which one uses the other.
  private(set) var uses = 0

  init(name: String, path: String, below root: URL) throws {
    self.name = name
    let base = root.appending(path: path)
    var files: [SourceFile] = []
    for case let file as String in FileManager.default.enumerator(atPath: base.path) ?? .init()
    where file.hasSuffix(".swift") {
      let parts = file.split(separator: "/")
      files.append(
        SourceFile(
          path: "\(path)/\(file)", folder: parts.count > 1 ? String(parts[0]) : "root",
          text: try String(contentsOf: base.appending(path: file), encoding: .utf8)))
    }
    self.files = files.sorted { $0.path < $1.path }
    findArrows()
  }

  var folders: [String] { Set(files.map(\.folder)).sorted() }

  /// Files that no declaration in them gives its name to.
  var misnamed: [SourceFile] { files.filter { !$0.names.contains($0.subject) && $0.subject != "main" } }

  private mutating func findArrows() {
    let home = DeclarationIndex(files)
    for (index, file) in files.enumerated() {
      for (other, name) in home.references(of: file, at: index) {
        uses += 1
        guard files[other].folder != file.folder else { continue }
        arrows[Arrow(from: file.folder, to: files[other].folder), default: []].append(
          "\(file.path) uses \(name) of \(files[other].path)")
      }
    }
  }
}

/// Where each type and each free function of a target is declared.
private struct DeclarationIndex {
  private var types: [String: Int] = [:]
  private var nested: [Substring: [(outer: String, file: Int)]] = [:]
  private var functions: [Substring: Int] = [:]

  init(_ files: [SourceFile]) {
    for (index, file) in files.enumerated() {
      for type in file.types {
        types[type] = index
        if let dot = type.lastIndex(of: ".") {
          nested[type[type.index(after: dot)...], default: []].append((String(type[..<dot]), index))
        }
      }
      for function in file.functions { functions[function[...]] = index }
    }
  }

  /// Files that a file uses, each with one name that it uses of it.
  func references(of file: SourceFile, at own: Int) -> [Int: String] {
    var found: [Int: String] = [:]
    func note(_ other: Int?, _ name: String) {
      if let other, other != own, found[other] == nil { found[other] = name }
    }
    for (index, token) in file.tokens.enumerated() {
      guard case .word(let word) = token, let first = word.first else { continue }
      let isMember = index > 0 && file.tokens[index - 1] == .mark(".")
      if first.isUppercase {
        if isMember, index > 1, let outer = file.tokens[index - 2].word {
          note(types["\(outer).\(word)"], "\(outer).\(word)")
        } else {
          note(types[String(word)], String(word))
          for (outer, place) in nested[word] ?? [] where file.scopes.contains(outer) { note(place, "\(outer).\(word)") }
        }
      } else if !isMember, index + 1 < file.tokens.count, file.tokens[index + 1] == .mark("("),
        let place = functions[word],
        !file.names.contains(String(word))
      {
        note(place, "\(word)()")
      }
    }
    return found
  }
}
