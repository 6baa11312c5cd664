import TextKit

/// Which form files have, found by the keys of their rows and the types of what they hold.
package struct FormDetection: Sendable {
  private static let rowsLookedAt = 200

  /// The form that was found.
  package let format: ImportFormat
  /// A sentence a file: what it was taken for, and why.
  package let sentences: [String]

  /// Looks at the first rows of each file; all must have one form.
  /// - Throws: ``ImportError/unknownForm(path:keys:)``, ``ImportError/noPrompts(path:keys:)``,
  ///   ``ImportError/ambiguousForm(path:candidates:)``, ``ImportError/mixedForms(files:)``, ``LogError`` of the files.
  package init(paths: [String]) throws(ImportError) {
    if paths.contains("-") {
      throw .badOption(name: "--format", expected: "the form of standard input", found: "none")
    }
    var forms: [(path: String, form: LogForm)] = []
    var sentences: [String] = []
    for path in paths {
      let (form, known, looked) = try Self.form(of: path)
      forms.append((path, form))
      sentences.append(
        "\(path): taken for \(form.title) (--format \(form.name)): \(known) of the first \(looked) rows have its keys")
    }
    guard let first = forms.first?.form else { throw .log(.noPaths) }
    guard forms.allSatisfy({ $0.form.name == first.name }) else {
      throw .mixedForms(files: forms.map { "\($0.path) \($0.form.name)" })
    }
    format = ImportFormat(first)
    self.sentences = sentences
  }

  private static func form(of path: String) throws(ImportError) -> (LogForm, known: Int, looked: Int) {
    var rows = try RowReader(try LogImport.open(path))
    var nodes: [JSONNode] = []
    var looked = 0
    while looked < rowsLookedAt, let row = try rows.next() {
      looked += 1
      if case .success(let node) = row.node { nodes.append(node) }
    }
    let counts = LogForm.all.map { form in (form: form, count: nodes.count { form.recognises($0) }) }
    let known = counts.filter { $0.count > 0 }
    guard let kind = known.map(\.form.kind).max() else { throw unknown(path, nodes, rows.columns) }
    let ofKind = known.filter { $0.form.kind == kind }
    let most = ofKind.map(\.count).max() ?? 0
    let best = ofKind.filter { $0.count == most }
    guard best.count == 1 else { throw .ambiguousForm(path: path, candidates: best.map(\.form.name)) }
    return (best[0].form, most, looked)
  }

  private static func unknown(_ path: String, _ nodes: [JSONNode], _ columns: [String]) -> ImportError {
    let keys = nodes.first?.members?.map(\.key) ?? columns
    let asks = ["prompt", "messages", "input", "question", "query", "conversation", "instruction", "request", "text"]
    let hasPrompt = keys.contains { key in
      asks.contains { key.lowercased() == $0 || key.lowercased().hasPrefix($0 + "_b") }
    }
    if keys.contains("outcomes"), keys.contains("prompt") || keys.contains("messages") { return .isLog(path: path) }
    return hasPrompt ? .unknownForm(path: path, keys: keys) : .noPrompts(path: path, keys: keys)
  }
}
