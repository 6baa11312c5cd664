package import RequestLog
import Synchronization
import TextKit

/// Ratings by people, as they come back in CSV files: columns `id` and `rating`, others are passed over.
///
/// Several ratings of one answer, in one file or in several, count with their mean. Safe to use from any task.
package final class RatingBook: Sendable {
  private struct Entry {
    var sum = 0.0
    var count = 0
    var least = 1.0
    var greatest = 0.0
    var isUsed = false
  }

  private let entries: Mutex<[String: Entry]>
  /// Rows without a rating.
  package let unratedRows: Int
  /// Answers that people do not agree on: their ratings are more than 0.5 apart.
  package let disputed: Int

  /// Reads the files.
  /// - Parameter scale: how ratings become qualities.
  /// - Throws: ``LabelError/ratings(path:line:expected:found:remedy:)`` for the first row that cannot be used.
  package init(paths: [String], scale: RatingScale) throws(LabelError) {
    var entries: [String: Entry] = [:]
    var unrated = 0
    for path in paths { try Self.read(path, scale, into: &entries, &unrated) }
    unratedRows = unrated
    disputed = entries.values.count { $0.greatest - $0.least > 0.5 }
    self.entries = Mutex(entries)
  }

  /// Answers with a rating.
  package var count: Int { entries.withLock(\.count) }

  /// Rated answers that nobody has asked for: the log does not have them, or has a quality for them already.
  package var unusedCount: Int { entries.withLock { $0.values.count { !$0.isUsed } } }

  /// The mean rating of an answer, 0…1; `nil` where nobody rated it.
  func quality(question: String, answer: String) -> Double? {
    let key = RatingKey.of(question: question, answer: answer)
    return entries.withLock { entries in
      guard let entry = entries[key] else { return nil }
      entries[key]?.isUsed = true
      return entry.sum / Double(entry.count)
    }
  }

  private static func read(
    _ path: String, _ scale: RatingScale, into entries: inout [String: Entry], _ unrated: inout Int
  ) throws(LabelError) {
    var table: DelimitedTable
    do throws(ImportError) { table = try DelimitedTable(path: path) } catch { throw Self.failure(error, path) }
    guard let id = table.columns.firstIndex(of: "id"), let rating = table.columns.firstIndex(of: "rating") else {
      throw .ratings(
        path: path, line: 1, expected: "columns id and rating, each once", found: "a header without one of them",
        remedy: "keep the header that --export wrote")
    }
    while true {
      let row: DelimitedTable.Row?
      do throws(ImportError) { row = try table.next() } catch { throw Self.failure(error, path) }
      guard let row else { return }
      let text = row.fields[rating]
      if text.allSatisfy(\.isWhitespace) {
        unrated += 1
        continue
      }
      guard let quality = scale.quality(of: .string(text)) ?? Self.withDecimalComma(text, scale) else {
        throw .ratings(
          path: path, line: row.line, expected: Self.words(scale), found: SafeText.word(text),
          remedy: "fix the rating or leave it empty; --quality-range and --quality-map say how ratings are meant")
      }
      var entry = entries[row.fields[id]] ?? Entry()
      entry.sum += quality
      entry.count += 1
      (entry.least, entry.greatest) = (min(entry.least, quality), max(entry.greatest, quality))
      entries[row.fields[id]] = entry
    }
  }

  /// `0,5`, as spreadsheets write it in much of Europe: a comma cannot stand for thousands below 1,000.
  private static func withDecimalComma(_ text: String, _ scale: RatingScale) -> Double? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count <= 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }) else {
      return nil
    }
    return scale.quality(of: .string(parts.joined(separator: ".")))
  }

  private static func words(_ scale: RatingScale) -> String {
    let range = scale.range ?? 0...1
    let numbers = "a number from \(NumberFormat.short(range.lowerBound)) to \(NumberFormat.short(range.upperBound))"
    return scale.words.isEmpty ? numbers : numbers + " or a word of --quality-map"
  }

  private static func failure(_ error: ImportError, _ path: String) -> LabelError {
    if case .log(let inner) = error { return .log(inner) }
    return .ratings(
      path: path, line: 1, expected: "a table with a header", found: "none", remedy: "name the file that was rated")
  }
}
