/// Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), dense and by table row.
///
/// With gradient g: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², and
/// w ← w − η (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + λ w).
///
/// A table row takes part only in the updates whose batch touches it: its moments, its decay and its own count t stand
/// still in between. A column seen for the first time late in training so gets the same first step as an early one.
struct AdamW: Sendable {
  let firstRate: Float
  let secondRate: Float
  let epsilon: Float
  private let firstCorrections: [Float]
  private let secondCorrections: [Float]

  /// From this count on both corrections are 1 in single precision, for rates up to 0.999.
  static let countLimit = 1 << 14

  /// - Parameters:
  ///   - firstRate: β₁.
  ///   - secondRate: β₂.
  ///   - epsilon: ε.
  init(firstRate: Float, secondRate: Float, epsilon: Float) {
    self.firstRate = firstRate
    self.secondRate = secondRate
    self.epsilon = epsilon
    firstCorrections = Self.corrections(Double(firstRate))
    secondCorrections = Self.corrections(Double(secondRate))
  }

  /// 1 / (1 − βᵗ) for t = 0 … countLimit (the entry for 0 is not used).
  private static func corrections(_ rate: Double) -> [Float] {
    var power = 1.0
    return [1]
      + (1...countLimit).map { _ in
        power *= rate
        return Float(1 / (1 - power))
      }
  }

  /// Consecutive weights that share a count and a decay.
  struct Slice: Sendable {
    /// Where they lie.
    var places: Range<Int>

    /// Where their gradient begins.
    var gradientStart: Int

    /// t, from 1.
    var count: Int

    /// λ.
    var decay: Float
  }

  /// One update of some slices, which must not overlap: their order and the threads have no influence on the result.
  ///
  /// - Parameters:
  ///   - weights: the weights, with both moments in vectors of the same size.
  ///   - gradient: at least as long as the slices say.
  ///   - rate: η.
  func update(
    _ weights: inout [Float], first: inout [Float], second: inout [Float], by gradient: [Float],
    slices: [Slice], rate: Float, pool: WorkerPool
  ) {
    let chunks = fixedChunks(of: slices.count, size: 1_024)
    weights.withSharedStorage { weights in
      first.withSharedStorage { first in
        second.withSharedStorage { second in
          pool.forEach(chunks.count) { chunk in
            for slice in slices[chunks[chunk]] {
              weights.mutate(slice.places) { weights in
                first.mutate(slice.places) { first in
                  second.mutate(slice.places) { update(slice, &weights, &first, &$0, gradient.span, rate: rate) }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Updates one slice. All spans but the gradient hold the slice alone.
  @inline(__always)
  private func update(
    _ slice: Slice, _ weights: inout MutableSpan<Float>, _ first: inout MutableSpan<Float>,
    _ second: inout MutableSpan<Float>, _ gradient: Span<Float>, rate: Float
  ) {
    precondition(slice.gradientStart >= 0 && slice.gradientStart + slice.places.count <= gradient.count)
    let firstCorrection = firstCorrections[min(slice.count, Self.countLimit)]
    let secondCorrection = secondCorrections[min(slice.count, Self.countLimit)]
    for place in 0..<slice.places.count {
      let g = unsafe gradient[unchecked: slice.gradientStart &+ place]
      let m = unsafe firstRate * first[unchecked: place] + (1 - firstRate) * g
      let v = unsafe secondRate * second[unchecked: place] + (1 - secondRate) * g * g
      let w = unsafe weights[unchecked: place]
      let step = m * firstCorrection / ((v * secondCorrection).squareRoot() + epsilon)
      unsafe first[unchecked: place] = m
      unsafe second[unchecked: place] = v
      unsafe weights[unchecked: place] = w - rate * (step + slice.decay * w)
    }
  }
}
