/// Arithmetic on long vectors in double precision.
///
/// Vectors are cut into blocks of 8,192 elements; sums are taken per block, in eight interleaved parts, and the blocks
/// are added in order: the same bits for any number of threads.
struct VectorArithmetic: Sendable {
  private static let blockLength = 8_192
  let pool: WorkerPool

  /// `Σ a[i] · b[i]`.
  func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    let blocks = fixedChunks(of: a.count, size: Self.blockLength)
    var sums = [Double](repeating: 0, count: blocks.count)
    sums.withSharedStorage { sums in
      pool.forEach(blocks.count) { block in
        sums.store(Self.blockDot(a.span, b.span, blocks[block]), at: block)
      }
    }
    return sums.reduce(0, +)
  }

  /// `y[i] += factor · x[i]`.
  func add(_ factor: Double, times x: [Double], to y: inout [Double]) {
    precondition(x.count == y.count)
    update(&y) { y, range in
      let x = x.span
      for i in 0..<range.count { unsafe y[unchecked: i] += factor * x[unchecked: range.lowerBound + i] }
    }
  }

  /// `out[i] = x[i] + factor · direction[i]`.
  func move(_ x: [Double], along direction: [Double], by factor: Double, into out: inout [Double]) {
    precondition(x.count == direction.count && x.count == out.count)
    update(&out) { out, range in
      let x = x.span
      let direction = direction.span
      for i in 0..<range.count {
        let place = range.lowerBound + i
        unsafe out[unchecked: i] = x[unchecked: place] + factor * direction[unchecked: place]
      }
    }
  }

  /// `y[i] *= factor`.
  func scale(_ y: inout [Double], by factor: Double) {
    update(&y) { y, range in
      for i in 0..<range.count { unsafe y[unchecked: i] *= factor }
    }
  }

  /// `y[i] *= factors[i]`.
  func multiply(_ y: inout [Double], by factors: [Double]) {
    precondition(factors.count == y.count)
    update(&y) { y, range in
      let factors = factors.span
      for i in 0..<range.count { unsafe y[unchecked: i] *= factors[unchecked: range.lowerBound + i] }
    }
  }

  private func update(_ y: inout [Double], _ body: @Sendable (inout MutableSpan<Double>, Range<Int>) -> Void) {
    let blocks = fixedChunks(of: y.count, size: Self.blockLength)
    y.withSharedStorage { y in
      pool.forEach(blocks.count) { block in
        y.mutate(blocks[block]) { body(&$0, blocks[block]) }
      }
    }
  }

  private static func blockDot(_ a: Span<Double>, _ b: Span<Double>, _ range: Range<Int>) -> Double {
    var sum = SIMD8<Double>.zero
    var i = range.lowerBound
    while i + 8 <= range.upperBound {
      let left = unsafe a.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i * 8, as: SIMD8<Double>.self)
      let right = unsafe b.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i * 8, as: SIMD8<Double>.self)
      sum += left * right
      i += 8
    }
    var rest = 0.0
    while i < range.upperBound {
      rest += a[i] * b[i]
      i += 1
    }
    return sum.sum() + rest
  }
}
