import Foundation

/// What the check knows of one Swift file: what it declares, what it extends, and every word it uses.
struct SourceFile {
  /// The path below the root of the repository.
  let path: String
  /// The folder below the target that the file stands in, first component only; "root" for a file beside the folders.
  let folder: String
  /// Types that other files can see, with their full names: `Outer`, `Outer.Inner`.
  private(set) var types: Set<String> = []
  /// Functions outside every type that other files can see.
  private(set) var functions: Set<String> = []
  /// Every name that the file may have: of types (nested and private ones too), of what it extends, of its functions.
  private(set) var names: Set<String> = []
  /// Types that the file extends or declares: inside them a nested type needs no prefix.
  private(set) var scopes: Set<String> = []
  private(set) var imports: Set<String> = []
  private(set) var tokens: [Token]
  /// Whether a switch of the file ends in `default: ""`: what a new case of an enum then says is nothing.
  let hasEmptyDefault: Bool

  /// The name that the file has: `Model` for `Model+Scoring.swift`.
  var subject: String {
    let name = path.split(separator: "/").last!.dropLast(".swift".count)
    return String(name.prefix { $0 != "+" })
  }

  init(path: String, folder: String, text: String) {
    (self.path, self.folder) = (path, folder)
    tokens = Tokenizer.tokens(of: text)
    hasEmptyDefault = text.contains("default: \"\"\n")
    readDeclarations()
  }

  private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias", "extension"]
  private static let modifiers: Set<Substring> = [
    "private", "fileprivate", "package", "public", "internal", "open", "final", "indirect", "static", "nonisolated",
    "borrowing",
    "mutating", "consuming", "override", "convenience", "isolated", "distributed",
  ]

  private mutating func readDeclarations() {
    var open: [String?] = []
    var pending: String?
    for index in tokens.indices {
      switch tokens[index] {
      case .mark("{"):
        open.append(pending)
        pending = nil
      case .mark("}"):
        _ = open.popLast()
      case .mark: break
      case .word(let word):
        guard index == 0 || tokens[index - 1] != .mark("."), index + 1 < tokens.count,
          case .word(let next) = tokens[index + 1]
        else { break }
        let path = open.compactMap(\.self)
        if word == "import" {
          imports.insert(String(next == "class" || next == "struct" ? tokens[index + 2].word ?? next : next))
        } else if word == "func", open.isEmpty {
          names.insert(String(next))
          if !isPrivate(at: index) { functions.insert(String(next)) }
        } else if word == "func" {
          names.insert(String(next))
        } else if Self.kinds.contains(word), !["func", "var", "let", "init", "subscript"].contains(next) {
          let name = dottedName(at: index + 1)
          let full = (path + [name]).joined(separator: ".")
          names.formUnion(name.split(separator: ".").map(String.init))
          if word != "extension", !isPrivate(at: index) { types.insert(full) }
          if word != "typealias" {
            scopes.insert(full)
            pending = name
          }
        }
      }
    }
  }

  private func dottedName(at start: Int) -> String {
    var name = ""
    var index = start
    while index < tokens.count, case .word(let part) = tokens[index] {
      name += part
      guard index + 1 < tokens.count, tokens[index + 1] == .mark(".") else { break }
      name += "."
      index += 2
    }
    return name
  }

  private func isPrivate(at index: Int) -> Bool {
    var before = index - 1
    while before >= 0, case .word(let word) = tokens[before], Self.modifiers.contains(word) {
      if word == "private" || word == "fileprivate" { return true }
      before -= 1
    }
    return false
  }
}
