import Statistics
import Foundation

@testable import OckhamTraining

/// Random data and plain references for the solvers' tests.
enum Fixture {
  /// A number in −1 ..< 1.
  static func signed(_ generator: inout SplitMix64) -> Float { generator.nextUnit() * 2 - 1 }

  /// A sparse matrix with about `density` of its entries, in which a column may occur twice in a row.
  static func sparse(rows: Int, columns: Int, density: Float = 0.5, seed: UInt64 = 1) -> CSRMatrix {
    var generator = SplitMix64(seed: seed, UInt64(rows), UInt64(columns))
    var starts = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    for _ in 0..<rows {
      for column in 0..<columns where generator.nextUnit() < density {
        for _ in 0..<(generator.nextUnit() < 0.1 ? 2 : 1) {
          indices.append(Int32(column))
          values.append(signed(&generator))
        }
      }
      starts.append(indices.count)
    }
    return CSRMatrix(
      trustedRows: rows, columns: columns, rowStarts: starts, columnIndices: indices, values: values)
  }

  /// A dense matrix of numbers in −1 ..< 1.
  static func dense(rows: Int, columns: Int, seed: UInt64 = 2) -> DenseMatrix {
    var generator = SplitMix64(seed: seed, UInt64(rows), UInt64(columns))
    var result = DenseMatrix(repeating: 0, rows: rows, columns: columns)
    for place in result.values.indices { result.values[place] = signed(&generator) }
    return result
  }

  /// Labels, some soft, about `missing` of them unknown; the first two rows of each head are 0 and 1.
  static func labels(rows: Int, heads: Int, missing: Float = 0.2, seed: UInt64 = 3) -> DenseMatrix {
    var generator = SplitMix64(seed: seed, UInt64(rows), UInt64(heads))
    var result = DenseMatrix(repeating: 0, rows: rows, columns: heads)
    for row in 0..<rows {
      for head in 0..<heads {
        let soft = generator.nextUnit()
        let kind = generator.nextUnit()
        result[row, head] = kind < missing ? .nan : kind < 0.6 ? soft.rounded() : soft
        if row < 2 { result[row, head] = Float(row) }
      }
    }
    return result
  }

  /// Weights in 0.5 ..< 1.5.
  static func weights(_ rows: Int) -> [Float] {
    var generator = SplitMix64(seed: 4)
    return (0..<rows).map { _ in generator.nextUnit() + 0.5 }
  }

  /// A whole problem.
  static func problem(
    rows: Int, columns: Int, denseColumns: Int, heads: Int, density: Float = 0.5, seed: UInt64 = 1
  ) throws -> LogisticProblem {
    try LogisticProblem(
      sparse: sparse(rows: rows, columns: columns, density: density, seed: seed),
      dense: DenseRows(dense(rows: rows, columns: denseColumns, seed: seed + 1)),
      labels: labels(rows: rows, heads: heads, seed: seed + 2), weights: weights(rows),
      headNames: (0..<heads).map { "h\($0)" })
  }

  /// A matrix as plain rows of double-precision numbers; duplicate entries add up.
  static func rows(_ matrix: CSRMatrix) -> [[Double]] {
    (0..<matrix.rows).map { row in
      var result = [Double](repeating: 0, count: matrix.columns)
      for entry in matrix.entries(ofRow: row) {
        result[Int(matrix.columnIndices[entry])] += Double(matrix.values[entry])
      }
      return result
    }
  }

  /// The same of features of any kind.
  static func rows(_ features: any SparseFeatures) -> [[Double]] {
    rows(features.selectingRows(Array(0..<features.rows)))
  }

  static func rows(_ features: DenseRows) -> [[Double]] {
    rows(features.selectingRows(Array(0..<features.rows)))
  }

  /// Numbers cut into rows.
  static func rows(_ values: [Float], columns: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: columns).map { values[$0..<$0 + columns].map(Double.init) }
  }

  /// A matrix as plain rows of double-precision numbers.
  static func rows(_ matrix: DenseMatrix) -> [[Double]] {
    (0..<matrix.rows).map { row in (0..<matrix.columns).map { Double(matrix[row, $0]) } }
  }

  /// Reads a golden file of this part.
  static func golden<Value: Decodable>(_ name: String, as: Value.Type = Value.self) throws -> Value {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.deletingLastPathComponent().appending(path: "Golden/solvers/\(name).json")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
  }

  /// The largest difference between two vectors; infinite when their sizes differ.
  static func distance(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0
  }

  /// The largest difference between two vectors; infinite when their sizes differ.
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }

  /// Central differences of a function, (f(x + h) − f(x − h)) / 2h for each variable.
  static func differences(at point: [Double], step: Double = 1e-5, _ value: ([Double]) -> Double) -> [Double] {
    point.indices.map { place in
      var moved = point
      moved[place] = point[place] + step
      let above = value(moved)
      moved[place] = point[place] - step
      return (above - value(moved)) / (2 * step)
    }
  }

  /// Random parameters in −½ ..< ½, with the padding of a layout at 0.
  static func parameters(_ layout: LinearLayout) -> [Double] {
    var generator = SplitMix64(seed: 5)
    return (0..<layout.count).map {
      let number = Double(signed(&generator)) / 2
      return $0 % layout.stride < layout.heads ? number : 0
    }
  }
}
