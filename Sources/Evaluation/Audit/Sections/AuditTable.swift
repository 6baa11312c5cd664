import Foundation
package import TextKit

/// A table of an audit: values by name and column, from which every form is written, so that all forms show the same numbers.
package struct AuditTable: Sendable {
  package enum Kind: Sendable {
    case word, figure
    /// Parts of a whole: what is not shown is added up.
    case part
  }

  package struct Column: Sendable {
    /// In JSON and CSV.
    package var name: String
    /// For people.
    package var title: String
    package var kind: Kind
  }

  /// In JSON, and the name of its file in CSV.
  package var name: String
  package var title: String
  package var columns: [Column]
  package private(set) var rows: [[AuditValue]] = []
  /// Rows that people are shown; the others are added up, or counted.
  package var shownRows: Int
  /// Places in ``rows`` of those that the table is about.
  package var emphasised: Set<Int> = []

  init(_ name: String, _ title: String, shownRows: Int = 20, columns: [(String, String, Kind)]) {
    (self.name, self.title, self.shownRows) = (name, title, shownRows)
    self.columns = columns.map { Column(name: $0.0, title: $0.1, kind: $0.2) }
  }

  mutating func append(_ row: [AuditValue]) {
    precondition(row.count == columns.count, "a row must fill its table")
    rows.append(row)
  }

  var isEmpty: Bool { rows.isEmpty }
}

/// A cell of an ``AuditTable``.
package enum AuditValue: Sendable, Equatable {
  /// `nil` is what the log does not name.
  case text(String?)
  case count(Int)
  case usd(Double?)
  case share(Double?)
  case milliseconds(Double?)
  case number(Double?)
  case figure(AuditFigure, AuditUnit)
  /// Nothing belongs here.
  case empty
}

/// What a figure is in.
package enum AuditUnit: Sendable {
  case usd, share
  /// A difference of shares.
  case points

  func text(_ value: Double) -> String {
    switch self {
    case .usd: AuditText.usd(value)
    case .share: NumberFormat.percent(value, places: 1)
    case .points: NumberFormat.signed(value * 100, places: 2) + " points"
    }
  }
}

/// Words for the values of an audit.
enum AuditText {
  static let unnamed = "(not named)"
  static let unknown = "not known"

  /// Dollars with cents; small amounts to four digits.
  static func usd(_ amount: Double?) -> String {
    guard let amount, amount.isFinite else { return unknown }
    return abs(amount) >= 1 ? NumberFormat.usd(amount, places: 2) : NumberFormat.usd(amount)
  }

  static func figure(_ figure: AuditFigure, _ unit: AuditUnit) -> String {
    guard let value = figure.value else { return unknown }
    guard let low = figure.low, let high = figure.high, low != high else { return unit.text(value) }
    return switch unit {
    case .usd: "\(unit.text(value)) (\(unit.text(low)) to \(unit.text(high)))"
    case .share: "\(unit.text(value)) (\(NumberFormat.decimal(low * 100, places: 1)) to \(unit.text(high)))"
    case .points:
      "\(NumberFormat.signed(value * 100, places: 2)) (\(NumberFormat.signed(low * 100, places: 2)) to "
        + "\(NumberFormat.signed(high * 100, places: 2))) points"
    }
  }

  static func milliseconds(_ value: Double?) -> String {
    guard let value else { return unknown }
    return value >= 10_000
      ? NumberFormat.decimal(value / 1_000, places: 1) + " s" : NumberFormat.short(value, digits: 3) + " ms"
  }

  static func text(_ value: AuditValue) -> String {
    switch value {
    case .text(let text): text.map { $0.isEmpty ? unnamed : $0 } ?? unnamed
    case .count(let count): NumberFormat.count(count)
    case .usd(let amount): usd(amount)
    case .share(let share): share.map { NumberFormat.percent($0, places: 1) } ?? unknown
    case .milliseconds(let time): milliseconds(time)
    case .number(let number): number.map { NumberFormat.short($0) } ?? unknown
    case .figure(let figure, let unit): self.figure(figure, unit)
    case .empty: ""
    }
  }
}

// For people.
extension AuditTable {
  /// The table as people are shown it, with what is not shown added up, and the whole below its parts. Parts in dollars are rounded
  /// so that they add up to the whole as it is shown (largest remainders).
  package var shown: TextTable {
    var table = TextTable(
      columns.map(\.title), wordColumns: Set(columns.indices.filter { columns[$0].kind == .word }))
    let isOfParts = columns.contains { $0.kind == .part }
    var lines = isOfParts ? folded : Array(rows.prefix(shownRows))
    let parts = lines.count
    if isOfParts, parts > 1 { lines.append(sum(of: rows, named: "all")) }
    var texts = lines.map { $0.map(AuditText.text) }
    for column in columns.indices where columns[column].kind == .part && parts > 1 {
      guard let apportioned = Self.apportioned(lines.map { $0[column] }) else { continue }
      for line in lines.indices { texts[line][column] = apportioned[line] }
    }
    for (index, cells) in texts.enumerated() {
      table.append(cells, isEmphasised: emphasised.contains(index) || index >= parts)
    }
    return table
  }

  /// How many rows people are not shown.
  package var hiddenRows: Int {
    columns.contains { $0.kind == .part } ? 0 : max(0, rows.count - shownRows)
  }

  private var folded: [[AuditValue]] {
    guard rows.count > shownRows + 1 else { return rows }
    let rest = Array(rows.dropFirst(shownRows))
    return rows.prefix(shownRows) + [sum(of: rest, named: "\(NumberFormat.count(rest.count)) others")]
  }

  private func sum(of rows: [[AuditValue]], named name: String) -> [AuditValue] {
    columns.indices.map { column in
      guard column > 0 else { return .text(name) }
      guard columns[column].kind == .part else { return .empty }
      return rows.map { $0[column] }.reduce(nil as AuditValue?) { sum, value in
        switch (sum, value) {
        case (nil, _): value
        case (.count(let a), .count(let b)): .count(a + b)
        case (.usd(let a), .usd(let b)): .usd(a.flatMap { a in b.map { a + $0 } } ?? a ?? b)
        case (.share(let a), .share(let b)): .share(a.flatMap { a in b.map { a + $0 } } ?? a ?? b)
        default: sum
        }
      } ?? .empty
    }
  }

  /// Dollars of parts and, last, their whole; `nil` for what is no dollars.
  private static func apportioned(_ values: [AuditValue]) -> [String]? {
    let amounts = values.compactMap { value -> Double?? in
      guard case .usd(let amount) = value else { return nil }
      return .some(amount)
    }
    guard amounts.count == values.count, let last = amounts.last, let whole = last else { return nil }
    let places = abs(whole) >= 1 || whole == 0 ? 2 : min(12, 3 - Int(log10(abs(whole)).rounded(.down)))
    let unit = pow(10, Double(places))
    let known = amounts.dropLast().enumerated().compactMap { index, amount in amount.map { (index, $0 * unit) } }
    var units = known.map { $0.1.rounded(.down) }
    let missing = Int((whole * unit).rounded() - units.reduce(0, +))
    let order = known.indices.sorted {
      (known[$0].1 - units[$0], $1) > (known[$1].1 - units[$1], $0)
    }
    for place in order.prefix(max(0, missing)) { units[place] += 1 }
    var texts = amounts.map { _ in AuditText.unknown }
    for (place, part) in known.enumerated() {
      texts[part.0] = NumberFormat.usd(units[place] / unit, places: places)
    }
    texts[texts.count - 1] = NumberFormat.usd(whole, places: places)
    return texts
  }
}
