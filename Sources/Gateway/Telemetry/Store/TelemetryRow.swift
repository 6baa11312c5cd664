/// A value as every database knows it.
enum TelemetryValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case bytes([UInt8])

  init(_ value: Bool) { self = .integer(value ? 1 : 0) }
  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null }
  init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }

  /// What is no number is unknown.
  init(_ value: Double?) { self = value.flatMap { $0.isNaN ? nil : .real($0) } ?? .null }
}

/// A row on its path to or from a table: columns by name, in the order in which they were set.
struct TelemetryRow: Sendable {
  private(set) var columns: [String] = []
  private(set) var values: [TelemetryValue] = []

  /// An empty row with room for so many columns.
  init(capacity: Int = 0) {
    columns.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
  }

  /// Adds a column that the row has not.
  mutating func set(_ column: String, _ value: TelemetryValue) {
    columns.append(column)
    values.append(value)
  }

  /// The value of a column; `null` where the row has none.
  subscript(column: String) -> TelemetryValue {
    get { columns.firstIndex(of: column).map { values[$0] } ?? .null }
    set {
      guard let index = columns.firstIndex(of: column) else { return set(column, newValue) }
      values[index] = newValue
    }
  }
}

extension TelemetryValue {
  /// The number of a real, `nil` of everything else.
  var real: Double? { if case .real(let value) = self { value } else { nil } }

  /// The text of a text, `nil` of everything else.
  var text: String? { if case .text(let value) = self { value } else { nil } }
}
