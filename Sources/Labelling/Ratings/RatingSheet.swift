package import RequestLog
import Judging

/// Writes the answers of a log as a CSV file for people to rate: blind, and safe to open in a spreadsheet.
///
/// Columns: `id`, `question`, `reference`, `answer`, `rating`, `rater`, `probability`, `note`; the probability is that with which the
/// question was drawn. No model is named, the answers to one question come in an
/// order that follows from their texts, and the same answer to the same question comes once.
package struct RatingSheet: Sendable {
  /// The result of writing a sheet.
  package struct Summary: Sendable, Hashable {
    /// Answers to rate.
    package var answers = 0
    /// Questions with answers to rate that were left out of a sample.
    package var questionsLeftOut = 0
    /// Texts that were shortened for the spreadsheet's cells.
    package var shortened = 0
    /// Bad records.
    package var rejected = 0
  }

  package var logPath: String
  package var outputPath: String
  /// Whether answers that have a quality are rated anew.
  package var replacesQualities: Bool
  /// Whether answers are written that have a quality already, which people's ratings are to check.
  package var isGold: Bool
  /// The share of questions that are written, above 0 and at most 1: each is drawn with this probability.
  package var share: Double

  private let onProgress: (@Sendable (LogProgress) -> Void)?

  package init(
    logPath: String, outputPath: String, replacesQualities: Bool = false, isGold: Bool = false, share: Double = 1,
    onProgress: (@Sendable (LogProgress) -> Void)? = nil
  ) {
    self.logPath = logPath
    self.outputPath = outputPath
    self.replacesQualities = replacesQualities
    self.isGold = isGold
    self.share = share
    self.onProgress = onProgress
  }

  /// The longest text in a cell, in UTF-16 units: spreadsheets cut at 32,767.
  static let maximumCellUnits = 30_000

  /// Writes the sheet; it appears under its name when all of it is on the disk.
  /// - Throws: ``LabelError/log(_:)``, ``LabelError/nothingLabelled(path:rejected:problems:)`` where there is nothing to rate.
  package func write() throws(LabelError) -> Summary {
    var summary = Summary()
    var names: Set<String> = []
    do throws(LogError) {
      let reader = try RawLineReader(path: logPath)
      let writer = try RawLineWriter(path: outputPath)
      try writer.write(Array("id,question,reference,answer,rating,rater,probability,note".utf8))
      while let line = try reader.next() {
        onProgress?(reader.progress)
        for row in rows(of: line, &summary) where names.insert(row.name).inserted {
          summary.answers += 1
          try writer.write(Array(row.text.utf8))
        }
      }
      if summary.answers > 0 { try writer.finish() }
    } catch { throw .log(error) }
    guard summary.answers > 0 else { throw .nothingLabelled(path: logPath, rejected: summary.rejected) }
    return summary
  }

  private func rows(of line: RawLineReader.Line, _ summary: inout Summary) -> [(name: String, text: String)] {
    guard line.violation == nil, let record = try? AnswerRecord(line: line.bytes, number: line.number),
      let question = try? record.question()
    else {
      summary.rejected += 1
      return []
    }
    let wanted = record.answers.filter { isGold ? $0.quality != nil : replacesQualities || $0.quality == nil }
    guard !wanted.isEmpty else { return [] }
    guard TextKey.share(of: "sheet " + question) < share else {
      summary.questionsLeftOut += 1
      return []
    }
    let rows = wanted.map { answer in
      let name = RatingKey.of(question: question, answer: answer.shown)
      let cells = [question, record.reference ?? "", answer.shown].map { Self.cell($0, &summary.shortened) }
      return (name: name, text: "\(name),\(cells.joined(separator: ",")),,,\(probability),")
    }
    // The order of hashes: which model stands first says nothing.
    return rows.sorted { $0.name < $1.name }
  }

  /// The column of the same name: a spreadsheet of any language reads it as a number, or leaves it as it is.
  private var probability: String { share == 1 ? "1" : share.description }

  /// A quoted cell that no spreadsheet takes for a formula.
  static func cell(_ text: String, _ shortened: inout Int) -> String {
    var text = String(text.unicodeScalars.map { isBad($0) ? "\u{FFFD}" : Character($0) })
    if text.utf16.count > maximumCellUnits {
      shortened += 1
      text = head(of: text, units: maximumCellUnits / 2) + "\n[…]\n" + tail(of: text, units: maximumCellUnits / 4)
    }
    if let first = text.first(where: { !$0.isWhitespace }), "=+-@＝＋－＠".contains(first) || text.first == "\t" {
      text = "'" + text
    }
    return text.isEmpty ? "" : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// The characters at the beginning that fit into so many UTF-16 units.
  private static func head(of text: String, units: Int) -> Substring {
    var (end, left) = (text.startIndex, units)
    while end < text.endIndex, text[end].utf16.count <= left {
      left -= text[end].utf16.count
      end = text.index(after: end)
    }
    return text[..<end]
  }

  /// The same at the end.
  private static func tail(of text: String, units: Int) -> Substring {
    var (start, left) = (text.endIndex, units)
    while start > text.startIndex, case let last = text[text.index(before: start)], last.utf16.count <= left {
      left -= last.utf16.count
      start = text.index(before: start)
    }
    return text[start...]
  }

  /// Control characters but tab and line feed; carriage returns end rows in some programs.
  private static func isBad(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && scalar != "\t" && scalar != "\n" || scalar.value == 0x7F
  }
}
