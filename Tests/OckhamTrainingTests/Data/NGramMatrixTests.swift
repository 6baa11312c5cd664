import Ockham
import Testing

@testable import OckhamTraining

/// The kernels that read buckets against the matrix written out.
@Suite struct NGramMatrixTests {
  @Test(arguments: [1, 2, 3, 4, 5, 9, 14]) func productsAreThoseOfTheMatrixWrittenOut(heads: Int) throws {
    let dataset = try Training.madeUp(60)
    let all = Array(0..<60)
    let transform = FeatureTransform(fitting: dataset, rows: Array(0..<40), scaling: FeatureScaling())
    let weighted = NGramMatrix(dataset.grams, rows: all, transform, pool: WorkerPool(threads: 2))
    let folded = NGramMatrix(dataset.grams, rows: all, foldedTo: 64, pool: WorkerPool(threads: 1))
    for matrix in [weighted, folded] {
      let plain = matrix.selectingRows(all)
      #expect(plain.columns == matrix.columns && matrix.entryCount >= plain.entryCount)
      let layout = LinearLayout(sparseColumns: matrix.columns, denseColumns: 0, heads: heads)
      let point = Fixture.parameters(layout)
      func design(_ sparse: any SparseFeatures) throws -> LinearDesign {
        try LinearDesign(sparse: sparse, dense: DenseRows(DenseMatrix(repeating: 0, rows: 60, columns: 0)))
      }
      func logits(_ sparse: any SparseFeatures) throws -> [Double] {
        try design(sparse).logits(point, layout: layout, pool: WorkerPool(threads: 2))
      }
      #expect(try Fixture.distance(logits(matrix), logits(plain)) < 1e-6)
      func gradient(_ sparse: any SparseFeatures) throws -> [Double] {
        let targets = HeadTargets(labels: Fixture.labels(rows: 60, heads: heads), weights: Fixture.weights(60))
        var objective = LinearObjective(
          design: try design(sparse), heads: heads, loss: targets, l2Sparse: 0.1, l2Dense: 0,
          pool: WorkerPool(threads: 2))
        var result = [Double](repeating: 0, count: layout.count)
        // The second evaluation finds the sums of the first cleared.
        for _ in 0..<2 { _ = objective.evaluate(at: point, gradient: &result) }
        return result
      }
      // Buckets that the transform has not seen have no column, whichever way the gradient is taken.
      #expect(try Fixture.distance(gradient(matrix), gradient(plain)) < 1e-6)
    }
  }
}
