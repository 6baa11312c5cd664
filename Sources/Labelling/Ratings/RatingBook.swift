package import RequestLog
import Synchronization
import TextKit

/// Ratings by people, as they come back in CSV files: columns `id` and `rating`, and where they are there `rater` and `probability`, with
/// which the question was drawn; others are skipped.
///
/// Several ratings of one answer, in one file or in several, count with their mean. Safe to use from any task.
package final class RatingBook: Sendable {
  fileprivate struct Entry {
    var sum = 0.0
    var count = 0
    var least = 1.0
    var greatest = 0.0
    var isUsed = false
    var raters: [String] = []
    var probability: Double?
  }

  /// Which columns a file has, by place.
  fileprivate struct Columns {
    var id: Int
    var rating: Int
    var rater: Int?
    var probability: Int?

    init?(_ names: [String]) {
      guard let id = names.firstIndex(of: "id"), let rating = names.firstIndex(of: "rating") else { return nil }
      (self.id, self.rating) = (id, rating)
      (rater, probability) = (names.firstIndex(of: "rater"), names.firstIndex(of: "probability"))
    }
  }

  private let entries: Mutex<[String: Entry]>
  /// Rows without a rating.
  package let unratedRows: Int
  /// Answers that people do not agree on: their ratings are more than 0.5 apart.
  package let disputed: Int

  /// Reads the files.
  /// - Parameter scale: how ratings become qualities.
  /// - Throws: ``LabelError/ratings(path:line:expected:found:remedy:)`` for the first row that cannot be used, and for
  ///   sheets without any rating.
  package init(paths: [String], scale: RatingScale) throws(LabelError) {
    var entries: [String: Entry] = [:]
    var unrated = 0
    for path in paths { try Self.read(path, scale, into: &entries, &unrated) }
    if entries.isEmpty, let first = paths.first {
      throw .ratings(
        path: first, line: nil, expected: "a rating in the column rating of at least one row",
        found: "\(NumberFormat.count(unrated)) rows, all of them unrated",
        remedy: "fill in the column, then run this again")
    }
    unratedRows = unrated
    disputed = entries.values.count { $0.greatest - $0.least > 0.5 }
    self.entries = Mutex(entries)
  }

  /// Answers with a rating.
  package var count: Int { entries.withLock(\.count) }

  /// Rated answers that no one has asked for: the log does not have them, or has a quality for them already.
  package var unusedCount: Int { entries.withLock { $0.values.count { !$0.isUsed } } }

  /// The mean rating of an answer, 0…1; `nil` where no one rated it.
  func quality(question: String, answer: String) -> Double? { gold(question: question, answer: answer)?.quality }

  /// The mean rating of an answer, with who gave it and how its question was drawn; `nil` where no one rated it.
  func gold(question: String, answer: String) -> GoldRating? {
    let key = RatingKey.of(question: question, answer: answer)
    return entries.withLock { entries in
      guard let entry = entries[key] else { return nil }
      entries[key]?.isUsed = true
      return GoldRating(
        quality: entry.sum / Double(entry.count), inclusion: entry.probability, raters: entry.raters)
    }
  }

  private static func read(
    _ path: String, _ scale: RatingScale, into entries: inout [String: Entry], _ unrated: inout Int
  ) throws(LabelError) {
    var table: DelimitedTable
    do throws(ImportError) { table = try DelimitedTable(path: path) } catch { throw Self.failure(error, path) }
    guard let columns = Columns(table.columns) else {
      throw .ratings(
        path: path, line: 1, expected: "columns id and rating, each once", found: "a header without one of them",
        remedy: "keep the header that --export wrote")
    }
    while true {
      let row: DelimitedTable.Row?
      do throws(ImportError) { row = try table.next() } catch { throw Self.failure(error, path) }
      guard let row else { return }
      let text = row.fields[columns.rating]
      if text.allSatisfy(\.isWhitespace) {
        unrated += 1
        continue
      }
      guard let quality = scale.quality(of: .string(text)) ?? Self.withDecimalComma(text, scale) else {
        throw .ratings(
          path: path, line: row.line, expected: Self.words(scale), found: SafeText.word(text),
          remedy: "fix the rating or leave it empty; --quality-range and --quality-map say how ratings are meant")
      }
      var entry = entries[row.fields[columns.id]] ?? Entry()
      try entry.add(row, columns, path)
      entry.sum += quality
      entry.count += 1
      (entry.least, entry.greatest) = (min(entry.least, quality), max(entry.greatest, quality))
      entries[row.fields[columns.id]] = entry
    }
  }

  /// A number from a cell, with a decimal point or comma; `nil` for another text.
  fileprivate static func number(_ text: String) -> Double? {
    let plain = text.filter { !$0.isWhitespace }
    return Double(plain) ?? Double(plain.replacing(",", with: "."))
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

extension RatingBook.Entry {
  /// Adds who rated and how the question was drawn.
  fileprivate mutating func add(
    _ row: DelimitedTable.Row, _ columns: RatingBook.Columns, _ path: String
  ) throws(LabelError) {
    if let place = columns.rater {
      var name = row.fields[place].trimmingPrefix(while: \.isWhitespace)
      while name.last?.isWhitespace == true { name.removeLast() }
      if !name.isEmpty, !raters.contains(String(name)) { raters.append(String(name)) }
    }
    guard let place = columns.probability, !row.fields[place].allSatisfy(\.isWhitespace) else { return }
    let text = row.fields[place]
    guard let found = RatingBook.number(text), found > 0, found <= 1, probability == nil || probability == found else {
      throw .ratings(
        path: path, line: row.line,
        expected: probability.map { "the probability \(NumberFormat.short($0)) of the other rows of this id" }
          ?? "a probability above 0 and at most 1",
        found: SafeText.word(text), remedy: "keep the column as --export wrote it, or leave it empty")
    }
    probability = found
  }
}
