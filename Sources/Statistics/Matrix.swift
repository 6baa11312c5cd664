/// A dense matrix in row-major order: element (r, c) is `elements[r * columns + c]`.
package struct Matrix<Element: Sendable>: Sendable {
  /// The number of rows, at least 0.
  package let rows: Int

  /// The number of columns, at least 1.
  package let columns: Int

  /// All elements, row after row [rows · columns].
  package private(set) var elements: [Element]

  /// Creates a matrix from its elements in row-major order.
  ///
  /// - Precondition: `columns` is at least 1 and divides the number of elements.
  package init(_ elements: [Element], columns: Int) {
    precondition(columns >= 1 && elements.count % columns == 0, "elements must fill whole rows")
    self.elements = elements
    self.columns = columns
    rows = elements.count / columns
  }

  /// Creates a matrix of one repeated value.
  package init(repeating value: Element, rows: Int, columns: Int) {
    self.init([Element](repeating: value, count: rows * columns), columns: columns)
  }

  /// The element in a row and column.
  package subscript(row: Int, column: Int) -> Element {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The elements of a row [columns].
  package func row(_ row: Int) -> ArraySlice<Element> { elements[(row * columns)..<((row + 1) * columns)] }

  /// The elements of a column [rows].
  package func column(_ column: Int) -> [Element] { (0..<rows).map { self[$0, column] } }

  /// The matrix of the given rows, in the given order; a row may be named more than once.
  package func selecting(_ selection: [Int]) -> Matrix {
    Matrix(selection.flatMap { self.row($0) }, columns: columns)
  }
}

extension Matrix: Equatable where Element: Equatable {}
