import Synchronization

/// A metric's name, help and type, and its series by the values of its labels.
///
/// The lock is held for a look-up only. No more than ``maximumSeries`` series are made: label values beyond them fall
/// into one series whose values are all ``overflow``.
package final class MetricFamily<Cell: AnyObject & Sendable>: Sendable {
  package let name: String
  let help: String
  let labels: [String]
  private let makeCell: @Sendable () -> Cell
  private let cells = Mutex<[[String]: Cell]>([:])

  static var maximumSeries: Int { 512 }
  static var overflow: String { "_other" }

  init(_ name: String, _ help: String, labels: [String] = [], makeCell: @escaping @Sendable () -> Cell) {
    self.name = name
    self.help = help
    self.labels = labels
    self.makeCell = makeCell
  }

  /// The series of the given label values, in the order of the labels.
  /// - Precondition: as many values as labels.
  package subscript(_ values: String...) -> Cell { cell(values) }

  func cell(_ values: [String]) -> Cell {
    precondition(values.count == labels.count)
    return cells.withLock { cells in
      if let cell = cells[values] { return cell }
      let key = cells.count < Self.maximumSeries ? values : values.map { _ in Self.overflow }
      if let cell = cells[key] { return cell }
      let cell = makeCell()
      cells[key] = cell
      return cell
    }
  }

  /// All series, ordered by their label values.
  var series: [(values: [String], cell: Cell)] {
    let all = cells.withLock { $0.map { ($0.key, $0.value) } }
    return all.sorted { $0.0.lexicographicallyPrecedes($1.0) }
  }
}

extension MetricFamily where Cell == MetricCell {
  convenience init(_ name: String, _ help: String, labels: [String] = []) {
    self.init(name, help, labels: labels) { MetricCell() }
  }
}

extension MetricFamily where Cell == HistogramCell {
  convenience init(_ name: String, _ help: String, labels: [String] = [], bounds: [Double]) {
    self.init(name, help, labels: labels) { HistogramCell(bounds: bounds) }
  }
}
