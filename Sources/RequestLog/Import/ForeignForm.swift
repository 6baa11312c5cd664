import TextKit

/// Recognises files that `ockham import` turns into a log from logs, for those who read logs only.
enum ForeignForm {
  private static let rowsLookedAt = 50

  /// - Throws: ``LogError/foreign(path:title:command:)`` where a file has another form of log. Files that no one knows pass: who reads
  ///   them says what is wrong.
  static func refuse(_ path: String) throws(LogError) {
    guard let (rows, isTable) = try? rows(of: path), !rows.isEmpty, isTable || !rows.contains(where: isOfLog) else {
      return
    }
    for kind in [LogForm.Kind.preset, .general, .plain, .any] {
      let counts = LogForm.all.filter { $0.kind == kind && $0.name != LogForm.requestLog.name }.map { form in
        (form: form, count: rows.count { form.recognises($0) })
      }
      guard let best = counts.max(by: { $0.count < $1.count }), best.count > 0 else { continue }
      let output = SafeText.shell("\(PathName.stem(path))-log.jsonl")
      throw .foreign(
        path: path, title: best.form.title, command: "ockham import \(SafeText.shell(path)) --output \(output)")
    }
  }

  private static func rows(of path: String) throws(ImportError) -> (rows: [JSONNode], isTable: Bool) {
    var reader = try RowReader(try LogImport.open(path))
    var rows: [JSONNode] = []
    var looked = 0
    while looked < rowsLookedAt, let row = try reader.next() {
      looked += 1
      if let node = try? row.node.get() { rows.append(node) }
    }
    return (rows, !reader.columns.isEmpty)
  }

  /// Whether a row may be a record: outcomes by name, or a request without an answer beside it.
  private static func isOfLog(_ row: JSONNode) -> Bool {
    if row["outcomes"]?.members != nil { return true }
    let messages = row["messages"]?.elements
    guard row["prompt"]?.string != nil || messages != nil, messages?.last?["role"]?.string != "assistant",
      row["choices"] == nil, !LogForm.all.contains(where: { $0.kind == .preset && $0.recognises(row) })
    else { return false }
    let map = FieldMap([row])
    return map.paths[.response] == nil && map.paths[.quality] == nil && map.wide.places[.response] == nil
  }
}
