import Foundation
import Statistics
import Synchronization

/// Figures of a log that a bootstrap computes on resamples of its questions.
protocol Resampling: Sendable {
  associatedtype Figures: Sendable

  /// The questions that are drawn.
  var clusterCount: Int { get }

  /// The figures where question i counts `multiplicities[i]` times; keeps scratch memory, hence `mutating`.
  mutating func figures(_ multiplicities: [Int]) -> Figures
}

extension Resampling {
  /// The figures of the log itself.
  mutating func estimate() -> Figures { figures([Int](repeating: 1, count: clusterCount)) }

  /// The figures of as many resamples, in the order in which they are drawn, whatever the number of threads.
  ///
  /// Every thread draws all resamples, which costs little beside their figures, and computes those of its own.
  func samples(
    _ count: Int, seed: UInt64, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> [Figures] {
    let workers = max(1, min(threads, count))
    let results = Mutex([Figures?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var own = self
      var resampler = Resampler(clusterCount: clusterCount, seed: seed)
      for sample in 0..<count {
        resampler.draw()
        guard sample % workers == worker else { continue }
        let figures = own.figures(resampler.multiplicities)
        results.withLock { $0[sample] = figures }
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}

/// Draws questions with replacement, as many as there are.
///
/// Rows of one question stand or fall together, so that repeated questions do not make intervals look narrower than
/// they are.
struct Resampler {
  /// How often each question was drawn [questions].
  private(set) var multiplicities: [Int]
  private var generator: SplitMix64

  init(clusterCount: Int, seed: UInt64) {
    multiplicities = [Int](repeating: 0, count: clusterCount)
    generator = SplitMix64(seed: seed)
  }

  /// Replaces ``multiplicities`` by those of the next resample.
  ///
  /// - Complexity: O(questions), no allocation.
  mutating func draw() {
    for question in multiplicities.indices { multiplicities[question] = 0 }
    for _ in multiplicities.indices { multiplicities[generator.next(below: multiplicities.count)] += 1 }
  }
}
