import Statistics
import Testing

@testable import OckhamTraining

@Suite("Kernels against plain references")
struct LinearAlgebraTests {
  private func plain(_ a: [[Double]], _ b: [[Double]], width: Int) -> [Double] {
    a.flatMap { row in
      (0..<width).map { lane in row.indices.reduce(0) { $0 + row[$1] * b[$1][lane] } }
    }
  }

  @Test("sparse · dense and its transpose, all small sizes", arguments: 0...9)
  func sparseProducts(rows: Int) {
    for columns in 0...9 {
      for width in 1...5 {
        let matrix = Fixture.sparse(rows: rows, columns: columns)
        checkProduct(matrix, width: width)
      }
    }
  }

  @Test("sparse · dense, wide factors with every SIMD block", arguments: [10, 17, 31, 46])
  func wideProducts(width: Int) {
    checkProduct(Fixture.sparse(rows: 7, columns: 11), width: width)
  }

  private func checkProduct(_ matrix: CSRMatrix, width: Int) {
    let stride = evenStride(width)
    let factor = Fixture.dense(rows: matrix.columns, columns: stride)
    let expected = plain(Fixture.rows(matrix), Fixture.rows(factor), width: stride).map { $0 + 1 }
    var double = [Double](repeating: 1, count: matrix.rows * stride)
    var single = [Float](repeating: 1, count: matrix.rows * stride)
    let singleFactor = factor.values
    let doubleFactor = singleFactor.map(Double.init)
    var doubleSpan = double.mutableSpan
    SparseProduct.accumulate(
      matrix, rows: 0..<matrix.rows, times: doubleFactor.span, stride: stride, into: &doubleSpan)
    var singleSpan = single.mutableSpan
    SparseProduct.accumulate(
      matrix, rows: 0..<matrix.rows, times: singleFactor.span, stride: stride, into: &singleSpan)
    #expect(Fixture.distance(double, expected) < 1e-12)
    #expect(Fixture.distance(single, expected) < 1e-5)
  }

  @Test("Xᵀ · R adds up by column", arguments: [1, 2, 3])
  func transposedProduct(width: Int) {
    let matrix = Fixture.sparse(rows: 30, columns: 12)
    let stride = evenStride(width)
    let residuals = Fixture.dense(rows: 30, columns: stride).values.map(Double.init)
    var sums = [Double](repeating: 0, count: 12 * stride)
    var span = sums.mutableSpan
    let block = Array(residuals[(10 * stride)...])
    matrix.addTransposedProduct(10..<30, residuals: block.span, stride: stride, into: &span)
    let rows = Fixture.rows(matrix)
    for (place, sum) in sums.enumerated() {
      let expected = (10..<30).reduce(0) { $0 + rows[$1][place / stride] * residuals[$1 * stride + place % stride] }
      #expect(abs(sum - expected) < 1e-12)
    }
  }

  @Test("selecting rows")
  func selection() throws {
    let sparse = Fixture.sparse(rows: 6, columns: 5)
    let dense = Fixture.dense(rows: 6, columns: 3)
    let chosen = [4, 0, 4]
    #expect(Fixture.rows(sparse.selectingRows(chosen)) == chosen.map { Fixture.rows(sparse)[$0] })
    #expect(Fixture.rows(dense.selectingRows(chosen)) == chosen.map { Fixture.rows(dense)[$0] })
    #expect(sparse.selectingRows([]).entryCount == 0)
  }

  @Test("BLAS products in every orientation, with strides")
  func denseProducts() {
    for (m, n, k) in [(1, 1, 1), (3, 2, 4), (5, 7, 2), (4, 4, 9)] {
      for aForm in [DenseProduct.Orientation.plain, .transposed] {
        for bForm in [DenseProduct.Orientation.plain, .transposed] { checkDense(m, n, k, aForm, bForm) }
      }
    }
  }

  private func checkDense(
    _ m: Int, _ n: Int, _ k: Int, _ aForm: DenseProduct.Orientation, _ bForm: DenseProduct.Orientation
  ) {
    let shape = DenseProduct.Shape(m: m, n: n, k: k, aForm: aForm, bForm: bForm, aStride: 11, bStride: 12, cStride: 9)
    let a = Fixture.dense(rows: 11, columns: 11)
    let b = Fixture.dense(rows: 12, columns: 12)
    var double = [Double](repeating: 2, count: m * 9)
    var single = [Float](repeating: 2, count: m * 9)
    let (singleA, singleB) = (a.values, b.values)
    let (doubleA, doubleB) = (singleA.map(Double.init), singleB.map(Double.init))
    var doubleSpan = double.mutableSpan
    DenseProduct.multiply(shape, a: doubleA.span, b: doubleB.span, beta: 1, c: &doubleSpan)
    var singleSpan = single.mutableSpan
    DenseProduct.multiply(shape, a: singleA.span, b: singleB.span, beta: 1, c: &singleSpan)
    for row in 0..<m {
      for column in 0..<9 {
        let sum = (0..<k).reduce(2.0) { sum, inner in
          let left = aForm == .plain ? a[row, inner] : a[inner, row]
          let right = bForm == .plain ? b[inner, column] : b[column, inner]
          return column < n ? sum + Double(left) * Double(right) : sum
        }
        #expect(abs(double[row * 9 + column] - sum) < 1e-12)
        #expect(abs(Double(single[row * 9 + column]) - sum) < 1e-5)
      }
    }
  }

  @Test("vector arithmetic has the same bits for any number of threads", arguments: [0, 1, 7, 8, 8_191, 8_192, 30_001])
  func vectors(count: Int) {
    let a = Fixture.dense(rows: 1, columns: count, seed: 8).values.map(Double.init)
    let b = Fixture.dense(rows: 1, columns: count, seed: 9).values.map(Double.init)
    let one = VectorArithmetic(pool: WorkerPool(threads: 1))
    let plainDot = zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
    #expect(abs(one.dot(a, b) - plainDot) < 1e-10)
    for threads in [2, 3, 5] {
      let many = VectorArithmetic(pool: WorkerPool(threads: threads))
      #expect(many.dot(a, b).bitPattern == one.dot(a, b).bitPattern)
      var (moved, added) = (a, a)
      many.move(a, along: b, by: 0.5, into: &moved)
      many.add(0.5, times: b, to: &added)
      #expect(moved == zip(a, b).map { $0 + 0.5 * $1 })
      #expect(added == moved)
      many.scale(&added, by: 3)
      #expect(added == moved.map { $0 * 3 })
      many.multiply(&added, by: b)
      #expect(added == zip(moved, b).map { $0 * 3 * $1 })
    }
  }

  @Test("chunks cover the work once, in order")
  func chunks() {
    for count in 0...20 {
      for size in 1...7 { #expect(fixedChunks(of: count, size: size).flatMap(Array.init) == Array(0..<count)) }
    }
  }

  @Test("every chunk runs once", arguments: [1, 2, 3, 5, 0, -1])
  func pool(threads: Int) {
    var runs = [Int](repeating: 0, count: 1_000)
    runs.withSharedStorage { runs in
      WorkerPool(threads: threads).forEach(1_000) { chunk in runs.mutate(chunk..<chunk + 1) { $0[0] += 1 } }
    }
    #expect(runs.allSatisfy { $0 == 1 })
  }

  @Test("splitmix64 gives the published sequence, permutations are permutations")
  func generator() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    for count in 0...20 { #expect(generator.permutation(of: count).sorted() == Array(0..<count)) }
    var (first, second) = (SplitMix64(seed: 1, 2, 3), SplitMix64(seed: 1, 3, 2))
    #expect(first.next() != second.next())
  }
}
