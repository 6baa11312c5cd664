import Evaluation
import Foundation
import Statistics

/// Traffic of which everything is known: conversations of 1 to 8 requests, a router that sends 18 % of them elsewhere, dollars and latencies
/// that differ tenfold and more, an error now and then.
struct Traffic {
  /// How the candidate truly differs from the incumbent.
  struct Truth {
    /// In quality, over all requests.
    var quality = 0.0
    /// Of the incumbent's dollars and latency, and in the share of requests that fail.
    var dollars = -0.15
    var latency = 0.0
    var failures = 0.0
  }

  /// What one conversation was: what a watch sees, and the raw facts that a rule on rates looks at.
  struct Drawn {
    var conversation: CanaryWatch.Conversation
    var requests: Int
    var labels: [Double]
  }

  static let disagreement = 0.18
  /// Of the disagreements, those on which one answer is good and the other is not.
  private static let decisive = 0.22
  private static let failureRate = 0.01

  let trueValue: Truth
  let share: Double
  let design = LabelDesign(auditRate: 0.01)
  /// r: of a disagreement's chance to be rated.
  let rate: Double
  private var generator: SplitMix64

  init(_ trueValue: Truth, share: Double, rate: Double, seed: UInt64) {
    (self.trueValue, self.share, self.rate) = (trueValue, share, rate)
    generator = SplitMix64(seed: seed)
  }

  private mutating func unit() -> Double { (Double(generator.next() >> 11) + 0.5) * 0x1p-53 }

  private mutating func normal() -> Double { (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit()) }

  mutating func next() -> Drawn {
    let isCandidate = unit() < share
    let count = 1 + Int(unit() * 8)
    var turns: [DecidingSequence.Turn] = []
    var (dollars, latency, failed) = (0.0, 0.0, 0.0)
    var labels: [Double] = []
    for _ in 0..<count {
      turns.append(turn(&labels))
      dollars += 0.004 * exp(normal()) * (isCandidate ? 1 + trueValue.dollars : 1)
      latency += 900 * exp(0.5 * normal()) * (isCandidate ? 1 + trueValue.latency : 1)
      failed += unit() < Self.failureRate + (isCandidate ? trueValue.failures : 0) ? 1 : 0
    }
    return Drawn(
      conversation: CanaryWatch.Conversation(
        isCandidate: isCandidate, turns: turns, scale: design.inclusion(rate: rate, intensity: 1), dollars: dollars,
        latencyMilliseconds: latency / Double(count), failures: failed / Double(count)),
      requests: count, labels: labels)
  }

  private mutating func turn(_ labels: inout [Double]) -> DecidingSequence.Turn {
    guard unit() < Self.disagreement else { return .agreement }
    let intensity = LabelDesign.intensities.lowerBound + unit() * (1 - LabelDesign.intensities.lowerBound)
    let inclusion = design.inclusion(rate: rate, intensity: intensity)
    guard unit() < inclusion else { return .disagreement(nil) }
    let mean = trueValue.quality / Self.disagreement
    let draw = unit()
    let difference = draw < (Self.decisive - mean) / 2 ? -1.0 : draw < Self.decisive ? 1 : 0
    labels.append(difference)
    return .disagreement(.init(difference: difference, weight: design.weight(rate: rate, inclusion: inclusion)))
  }
}
