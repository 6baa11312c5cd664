import Yams

/// The file as a tree of nodes with their places; what is wrong with its form is reported, not thrown.
enum YAMLDocument {
  /// The longest file.
  static let maximumBytes = 1 << 20

  /// The root of a file; `nil` after a report. A file without a value has an empty mapping as its root.
  ///
  /// A key that stands twice in a mapping is reported, and the file is read on as if the first were not there.
  static func read(_ text: String, into problems: ProblemList) -> ConfigurationNode? {
    guard text.utf8.count <= maximumBytes else {
      problems.add(
        ConfigurationProblem(
          path: "", expected: "at most \(maximumBytes) bytes", found: "\(text.utf8.count)",
          remedy: "is this the right file?"))
      return nil
    }
    guard !AliasScan.mayCompareTrees(text.utf8) else {
      problems.add(
        ConfigurationProblem(
          path: "", expected: "names as keys, where there are aliases", found: "a list, a mapping or an alias as a key",
          remedy: "write a name before every colon"))
      return nil
    }
    var text = text
    for _ in 0..<64 {
      do {
        let root = try compose(yaml: text) ?? Node([(Node, Node)]())
        return ConfigurationNode(node: isEmpty(root) ? Node([(Node, Node)]()) : root, path: "", problems: problems)
      } catch YamlError.duplicatedKeysInMapping(let keys, _) where keys.contains(noName) {
        problems.add(
          ConfigurationProblem(
            path: "", expected: "names as keys", found: "a list or a mapping as a key, twice",
            remedy: "write a name before every colon"))
        return nil
      } catch YamlError.duplicatedKeysInMapping(let keys, _) where keys.count > 1 && keys[0] == keys[1] {
        // With a tag and without, a name is two keys for the parser, which reports either as the first.
        problems.add(
          ConfigurationProblem(
            path: "", expected: "each key once", found: "\(SecretText.shown(keys[0])) several times, also with a tag",
            remedy: "write keys without tags, which begin with !, and each once"))
        return nil
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        report(duplicate: keys.first ?? "", at: context.mark, into: problems)
        guard let masked = mask(keys.first ?? "", at: context.mark, in: text) else { return nil }
        text = masked
      } catch {
        problems.add(problem(of: error))
        return nil
      }
    }
    return nil
  }

  /// What the parser calls a key that is no name. With one among the keys that stand twice, it reports any of them as the first.
  private static let noName = "<uncovertable>"

  /// Begins the names that stand for keys that were reported already.
  static let maskPrefix: Character = "\u{FFFD}"

  private static func isEmpty(_ root: Node) -> Bool { root.scalar?.string.isEmpty ?? false }

  private static func report(duplicate key: String, at mark: Mark, into problems: ProblemList) {
    problems.add(
      ConfigurationProblem(
        path: "", line: mark.line, column: mark.column, expected: "every key once in its mapping",
        found: "\(SecretText.shown(key)) twice", remedy: "remove one, or rename it"))
  }

  /// The text with the key at a place replaced by a name of its own; `nil` where the key is not written there as it is.
  private static func mask(_ key: String, at mark: Mark, in text: String) -> String? {
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    guard lines.indices.contains(mark.line - 1), !key.isEmpty else { return nil }
    let start = mark.column - 1
    let end = start + key.unicodeScalars.count
    guard end <= lines[mark.line - 1].count, Array(lines[mark.line - 1][start..<end]) == Array(key.unicodeScalars)
    else { return nil }
    let name = "\(maskPrefix)\(mark.line)-\(mark.column)"
    lines[mark.line - 1].replaceSubrange(start..<end, with: Array(name.unicodeScalars))
    var masked = String.UnicodeScalarView()
    masked.append(contentsOf: lines.joined(separator: ["\n"]))
    return String(masked)
  }

  private static func problem(of error: any Error) -> ConfigurationProblem {
    let (found, mark): (String, Mark?) =
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (problem, mark)
      case .reader(let problem, _, _, _): (problem, nil)
      default: ("a string that cannot be read", nil)
      }
    return ConfigurationProblem(
      path: "", line: mark?.line, column: mark?.column, expected: "YAML", found: found,
      remedy: "fix the form: indentation with spaces, a space after each colon, quotes in pairs")
  }
}
