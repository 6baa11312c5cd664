import Foundation
import Statistics

/// What is left to chance in made-up traffic: the same for a seed, on every machine.
struct DemoDice {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// From 0 up to 1.
  mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }

  mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[random.next(below: elements.count)] }

  mutating func number(below bound: Int) -> Int { random.next(below: bound) }

  mutating func word() -> UInt64 { random.next() }

  /// The place of one of some weights, each as likely as it is heavy.
  mutating func place(in weights: [Double]) -> Int {
    var rest = unit() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return place }
    }
    return weights.count - 1
  }

  /// Near the mean, about as far as the deviation: the sum of four uniform numbers, which has no tails.
  mutating func near(_ mean: Double, _ deviation: Double) -> Double {
    let sum = unit() + unit() + unit() + unit() - 2
    return mean + deviation * sum * 3.0.squareRoot()
  }

  /// About the middle, mostly between `middle` / e^`spread` and `middle` × e^`spread`: tokens and times have long tails to one side.
  mutating func about(_ middle: Double, spread: Double) -> Double { middle * exp(near(0, spread)) }
}
