import Statistics
import Foundation
import Testing

@testable import OckhamTraining

@Suite("Network")
struct MLPTests {
  private let pool = WorkerPool(threads: 1)

  private func run(
    _ problem: LogisticProblem, _ shape: MLPArchitecture, _ parameters: MLPParameters = MLPParameters(),
    threads: Int = 1
  ) -> MLPRun {
    let data = MLPData(problem, heldOut: [])
    var weights = MLPWeights(
      randomFor: shape, embeddingScale: 0.5, outputBias: [Float](repeating: 0.1, count: shape.heads), seed: 3)
    var generator = SplitMix64(seed: 6)
    for column in 0..<shape.sparseColumns {
      for lane in 0..<shape.wideWidth {
        weights.table[column * shape.tableStride + shape.embeddingWidth + lane] = Fixture.signed(&generator) / 2
      }
    }
    for place in shape.hiddenBias.lowerBound..<weights.dense.count where weights.dense[place] == 0 {
      weights.dense[place] = Fixture.signed(&generator) / 4
    }
    let state = MLPTrainingState(weights: weights, shape: shape, seed: 1, trainingRows: problem.rows)
    return MLPRun(
      shape: shape, parameters: parameters, pool: WorkerPool(threads: threads), data: data, state: state)
  }

  /// Compares loss and gradient of a batch with the reference; `true` when all agree.
  private func checkGradient(_ problem: LogisticProblem, _ shape: MLPArchitecture, rows: [Int], mask: [Float] = []) {
    let run = run(problem, shape)
    var assembly = MiniBatchAssembly(columns: shape.sparseColumns)
    let batch = assembly.assemble(problem.sparse, rows: rows)
    let (loss, gradient) = run.lossAndGradient(batch, rows, mask: mask)
    let reference = MLPReference(problem: problem, shape: shape)
    let point = MLPReference.flat(run.state.weights)
    let scale = Double(problem.rows) / Double(rows.count)
    #expect(abs(loss * scale - reference.loss(rows, point, mask: mask)) < 1e-4)
    var full = [Float](repeating: 0, count: run.state.weights.table.count)
    for (place, column) in batch.touched.enumerated() {
      for lane in 0..<shape.tableStride {
        full[Int(column) * shape.tableStride + lane] = gradient.table[place * shape.tableStride + lane]
      }
    }
    let expected = Fixture.differences(at: point, step: 1e-6) { reference.loss(rows, $0, mask: mask) }
    #expect(Fixture.distance(full + gradient.dense, expected) < 2e-4)
  }

  @Test("gradients by finite differences, all parts on and off", arguments: [false, true], [false, true])
  func gradients(wideSparse: Bool, wideDense: Bool) throws {
    for (columns, dense, heads, width) in [(6, 3, 2, 4), (5, 0, 1, 3), (0, 4, 3, 1), (7, 2, 5, 5)] {
      let problem = try Fixture.problem(rows: 9, columns: columns, denseColumns: dense, heads: heads)
      let shape = MLPArchitecture(
        sparseColumns: columns, denseColumns: dense, heads: heads, embeddingWidth: width, hiddenWidth: 6,
        hasWideSparse: wideSparse, hasWideDense: wideDense)
      checkGradient(problem, shape, rows: [7, 2, 0, 5])
    }
  }

  @Test("gradients of batches of one to nine rows", arguments: 1...9)
  func batchSizes(rows: Int) throws {
    let problem = try Fixture.problem(rows: 9, columns: 8, denseColumns: 2, heads: 2)
    let shape = MLPArchitecture(sparseColumns: 8, denseColumns: 2, heads: 2, embeddingWidth: 4, hiddenWidth: 5)
    checkGradient(problem, shape, rows: Array(0..<rows))
  }

  @Test("gradients under dropout")
  func dropoutGradient() throws {
    let problem = try Fixture.problem(rows: 9, columns: 8, denseColumns: 2, heads: 2)
    let shape = MLPArchitecture(sparseColumns: 8, denseColumns: 2, heads: 2, embeddingWidth: 4, hiddenWidth: 5)
    checkGradient(problem, shape, rows: [0, 3, 8], mask: [0, 2, 2, 0, 2, 2, 0, 2, 0, 0, 2, 2])
  }

  @Test("a batch's transpose holds its entries by column")
  func miniBatch() {
    let matrix = Fixture.sparse(rows: 20, columns: 30, density: 0.2)
    var assembly = MiniBatchAssembly(columns: 30)
    for rows in [[3, 1, 19], [], [0], Array(0..<20)] {
      let batch = assembly.assemble(matrix, rows: rows)
      let (plain, transposed) = (Fixture.rows(batch.features), Fixture.rows(batch.transposed))
      #expect(plain == rows.map { Fixture.rows(matrix)[$0] })
      #expect(Set(batch.touched) == Set(batch.features.columnIndices))
      for (place, column) in batch.touched.enumerated() {
        #expect(transposed[place] == plain.map { $0[Int(column)] })
      }
    }
  }

  @Test("AdamW does what its formula says")
  func adamW() {
    var parameters = MLPParameters()
    parameters.epsilon = 1e-3
    let optimiser = AdamW(parameters)
    var (w, m, v): ([Float], [Float], [Float]) = ([1, -2, 3], [0, 0, 0], [0, 0, 0])
    var (rw, rm, rv) = (-2.0, 0.0, 0.0)
    for t in 1...50 {
      let g = Float(t % 7) - 2.5
      let slice = AdamW.Slice(places: 1..<2, gradientStart: 2, count: t, decay: 0.3)
      optimiser.update(&w, first: &m, second: &v, by: [9, 9, g], slices: [slice], rate: 0.05, pool: pool)
      rm = 0.9 * rm + 0.1 * Double(g)
      rv = 0.999 * rv + 0.001 * Double(g) * Double(g)
      let step = rm / (1 - pow(0.9, Double(t))) / ((rv / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-3)
      rw -= 0.05 * (step + 0.3 * rw)
    }
    #expect(abs(Double(w[1]) - rw) < 1e-4)
    #expect(w[0] == 1 && w[2] == 3)
  }

  @Test("the learning rate warms up, then stays or falls to nothing")
  func schedule() {
    let cosine = LearningRateSchedule.cosine
    #expect(cosine.factor(update: 0, warmup: 4, total: 24) == 0.25)
    #expect(cosine.factor(update: 3, warmup: 4, total: 24) == 1)
    #expect(cosine.factor(update: 4, warmup: 4, total: 24) == 1)
    #expect(abs(cosine.factor(update: 14, warmup: 4, total: 24) - 0.5) < 1e-6)
    #expect(cosine.factor(update: 24, warmup: 4, total: 24) == 0)
    #expect(LearningRateSchedule.constant.factor(update: 20, warmup: 4, total: 24) == 1)
    #expect(cosine.factor(update: 0, warmup: 0, total: 0) == 1)
  }

  @Test("a model's logits are the reference's", arguments: [1, 256, 300])
  func logits(rows: Int) throws {
    let problem = try Fixture.problem(rows: rows, columns: 6, denseColumns: 3, heads: 2)
    let shape = MLPArchitecture(sparseColumns: 6, denseColumns: 3, heads: 2, embeddingWidth: 4, hiddenWidth: 5)
    let weights = run(problem, shape).state.weights
    let model = MLPModel(shape: shape, weights: weights)
    let logits = try model.logits(sparse: problem.sparse, dense: problem.dense, pool: WorkerPool(threads: 2))
    let reference = MLPReference(problem: problem, shape: shape)
    for row in [0, rows / 2, rows - 1] {
      let expected = reference.logits(row, MLPReference.flat(weights))
      for head in 0..<2 { #expect(abs(Double(logits[row, head]) - expected[head]) < 1e-5) }
    }
    #expect(model.embedding.count == 24 && model.wideSparse.count == 12 && model.wideDense.count == 6)
    #expect(model.embedding[5] == weights.table[shape.tableStride + 1])
    #expect(model.wideSparse[3] == weights.table[shape.tableStride + 5])
  }
}
