import Foundation

@testable import OckhamTraining

/// The network in plain loops and double precision.
struct MLPReference {
  let problem: LogisticProblem
  let shape: MLPArchitecture

  /// Table and dense vector, one after the other.
  static func flat(_ weights: MLPWeights) -> [Double] { (weights.table + weights.dense).map(Double.init) }

  /// The logits of one row. `mask` multiplies the bag.
  func logits(_ row: Int, _ point: [Double], mask: [Double]? = nil) -> [Double] {
    let x = Fixture.rows(problem.sparse)[row]
    let d = Fixture.rows(problem.dense)[row]
    let (m, h, t) = (shape.embeddingWidth, shape.hiddenWidth, shape.heads)
    let base = shape.sparseColumns * shape.tableStride
    let bag = (0..<m).map { lane in
      x.indices.reduce(0) { $0 + x[$1] * point[$1 * shape.tableStride + lane] } * (mask?[lane] ?? 1)
    }
    let input = bag + d
    let hidden = (0..<h).map { unit in
      let sum = input.indices.reduce(point[base + shape.hiddenBias.lowerBound + unit]) { sum, i in
        sum + input[i] * point[base + shape.hidden.lowerBound + i * h + unit]
      }
      return max(0, sum)
    }
    return (0..<t).map { head in
      var z = point[base + shape.outputBias.lowerBound + head]
      for unit in 0..<h { z += hidden[unit] * point[base + shape.output.lowerBound + unit * t + head] }
      if shape.hasWideSparse {
        for column in x.indices { z += x[column] * point[column * shape.tableStride + m + head] }
      }
      if shape.hasWideDense {
        for column in d.indices { z += d[column] * point[base + shape.wideDense.lowerBound + column * t + head] }
      }
      return z
    }
  }

  /// (n / b) Σ over the batch of the rows' parts of the loss.
  func loss(_ rows: [Int], _ point: [Double], mask: [Float] = []) -> Double {
    var total = 0.0
    for (place, row) in rows.enumerated() {
      let m = shape.embeddingWidth
      let own = mask.isEmpty ? nil : mask[place * m..<(place + 1) * m].map(Double.init)
      let z = logits(row, point, mask: own)
      for head in 0..<shape.heads where !problem.labels[row, head].isNaN {
        let known = (0..<problem.rows).filter { !problem.labels[$0, head].isNaN }
        let share = Double(problem.weights[row]) / known.reduce(0) { $0 + Double(problem.weights[$1]) }
        let y = Double(problem.labels[row, head])
        let p = 1 / (1 + exp(-z[head]))
        total -= share * (y * log(p) + (1 - y) * log(1 - p))
      }
    }
    return total * Double(problem.rows) / Double(rows.count)
  }
}
