import TextKit

extension RobustnessReport {
  /// What a reader must know of the two tables, one sentence each. Only tokens of the fixed list are named.
  var sentences: [String] {
    [
      "\(NumberFormat.count(rows)) of \(NumberFormat.count(logRows)) rows, seed \(parameters.seed). Each kind of change counts the rows "
        + "whose question it changes, and takes the answers as unchanged.",
      memory,
      "Tokens were appended to \(NumberFormat.count(suffix.rows)) of \(NumberFormat.count(suffix.rowsBelow)) rows below the strongest "
        + "tier by a greedy search that reads the model's scores: what it reaches is a lower bound.",
      "The calibrations hold the gain at or below \(NumberFormat.decimal(suffix.gainCeiling)), however long the suffix. "
        + "Thresholds do not bound how many requests move up: that takes a quota outside the router.", chosenTokens,
    ]
  }

  private var memory: String {
    guard trainedRows > 0 else { return "The model is compared with itself on rows that it is not known to have seen." }
    return
      "The model is compared with itself, and was trained on \(NumberFormat.count(trainedRows)) of these rows: what it "
      + "remembers inflates its metrics; use rows that it has not seen."
  }

  private var chosenTokens: String {
    let shown = suffix.marks.prefix(8).map { "\(Self.visible($0.text)) \($0.count)" }.joined(separator: ", ")
    let listed = suffix.marks.reduce(0) { $0 + $1.count }
    return
      "Chosen tokens: \(NumberFormat.count(suffix.logTokens)) words of the log, \(NumberFormat.count(listed)) of the fixed list"
      + (shown.isEmpty ? "." : " (\(shown)).")
  }

  private static func visible(_ mark: String) -> String { mark == "\n" ? "line feed" : "`\(mark)`" }

  /// The two tables and what to know of them, for a page.
  var html: String {
    """
    <h3>Harmless changes</h3>
    \(noiseTable.html)
    <h3>Appended tokens</h3>
    \(suffixTable.html)
    <ul>
    \(sentences.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))
    </ul>
    """
  }
}
