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
  package init(_ files: ImportFiles) throws(ImportError) {
    let paths = files.paths
    var forms: [(path: String, form: LogForm)] = []
    var sentences: [String] = []
    for path in paths {
      guard let (form, known, looked) = try Self.form(of: path, files) else {
        sentences.append("\(path): nothing in it")
        continue
      }
      forms.append((path, form))
      sentences.append(
        "\(path): taken for \(form.title) (--format \(form.name)): \(known) of the first \(looked) rows have its keys")
    }
    guard let first = forms.first?.form else {
      throw .log(paths.isEmpty ? .noPaths : .noRecords(paths: paths, rejected: 0))
    }
    guard forms.allSatisfy({ $0.form.name == first.name }) else {
      throw .mixedForms(files: forms.map { "\($0.path) \($0.form.name)" })
    }
    format = ImportFormat(first)
    self.sentences = sentences
  }

  /// The form of a file; `nil` where it has no row.
  private static func form(
    of path: String, _ files: ImportFiles
  ) throws(ImportError) -> (LogForm, known: Int, looked: Int)? {
    var rows = try RowReader(try files.look(path))
    var nodes: [JSONNode] = []
    var looked = 0
    var firstProblem: LogProblem?
    while looked < rowsLookedAt, let row = try rows.next() {
      looked += 1
      switch row.node {
      case .success(let node): nodes.append(node)
      case .failure(let violation) where firstProblem == nil:
        firstProblem = LogProblem(path: path, position: .line(row.line), violation: violation)
      case .failure: break
      }
    }
    guard looked > 0 else { return nil }
    // Forms of a lower kind are asked only where no higher one knows the rows.
    for kind in [LogForm.Kind.preset, .general, .plain, .any] {
      let counts = LogForm.all.filter { $0.kind == kind }.map { form in
        (form: form, count: nodes.count { form.recognises($0) })
      }
      guard let most = counts.map(\.count).max(), most > 0 else { continue }
      let best = counts.filter { $0.count == most }
      guard best.count == 1 else { throw .ambiguousForm(path: path, candidates: best.map(\.form.name)) }
      return (best[0].form, most, looked)
    }
    throw unknown(path, nodes, rows.columns, firstProblem)
  }

  private static func unknown(
    _ path: String, _ nodes: [JSONNode], _ columns: [String], _ problem: LogProblem?
  ) -> ImportError {
    if nodes.isEmpty, let problem { return .log(.rejected(problem)) }
    let keys = nodes.first?.members?.map(\.key) ?? columns
    let asks = ["prompt", "messages", "input", "question", "query", "conversation", "instruction", "request", "text"]
    let hasPrompt = keys.contains { key in
      asks.contains { key.lowercased() == $0 || key.lowercased().hasPrefix($0 + "_b") }
    }
    return hasPrompt ? .unknownForm(path: path, keys: keys) : .noPrompts(path: path, keys: keys)
  }
}
