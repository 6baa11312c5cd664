import Evaluation
import Statistics
import Synchronization
import TextKit

/// Answers that a person is asked to rate, two of one request at a time.
///
/// A pair is drawn by a hash of its request: with probability p, and a pair that the judge distinguishes, with probability 4p, or 1. What
/// is drawn stands in the order of hash over probability, so that anyone who stops before the end has rated each pair with a
/// probability in proportion to the one that is noted: weighted means stay right.
struct RatingQueue: Sendable {
  struct Item: Sendable, Hashable {
    var requestID: String
    var task: String?
    var request: String
    var left: RatedPair.Answer
    var right: RatedPair.Answer
    /// The probability with which each of the two was picked.
    var leftProbability: Double
    var rightProbability: Double
  }

  /// Pairs that a queue is to hold at most, on average.
  private static let expected = 200.0
  /// How much more often a pair is drawn that the judge distinguishes.
  private static let emphasis = 4.0

  /// What waits, in order.
  let items: [Item]
  /// What there is to draw from.
  let pairs: Int
  /// Drawn pairs that the rater rated.
  let rated: Int

  /// - Parameter done: requests that the rater rated a moment ago, which may not be written yet.
  init(_ pairs: [RatedPair], for rater: String, done: Set<String> = []) {
    let disagreements = Double(pairs.count { $0.isDisagreement })
    let agreements = Double(pairs.count) - disagreements
    var share = 1.0
    while disagreements * min(1, Self.emphasis * share) + agreements * share > Self.expected { share /= 2 }
    var drawn: [(order: Double, item: Item)] = []
    var rated = 0
    for pair in pairs {
      let probability = pair.isDisagreement ? min(1, Self.emphasis * share) : share
      let unit = Self.unit("audit " + pair.requestID)
      guard unit < probability else { continue }
      if pair.raters.contains(rater) || done.contains(pair.requestID) {
        rated += 1
      } else {
        drawn.append((unit / probability, Self.item(pair, for: rater, probability)))
      }
    }
    items = drawn.sorted { ($0.order, $0.item.requestID) < ($1.order, $1.item.requestID) }.map(\.item)
    self.pairs = pairs.count
    self.rated = rated
  }

  /// The served answer and one other, in slots that a hash draws.
  private static func item(_ pair: RatedPair, for rater: String, _ probability: Double) -> Item {
    let others = pair.answers.count - 1
    let place = 1 + min(others - 1, Int(unit("other " + rater + " " + pair.requestID) * Double(others)))
    let (served, other) = (pair.answers[0], pair.answers[place])
    let isSwapped = unit("slot " + rater + " " + pair.requestID) < 0.5
    let otherProbability = probability / Double(others)
    return Item(
      requestID: pair.requestID, task: pair.task, request: pair.request, left: isSwapped ? other : served,
      right: isSwapped ? served : other, leftProbability: isSwapped ? otherProbability : probability,
      rightProbability: isSwapped ? probability : otherProbability)
  }

  /// A number from 0 up to 1, by hash: of texts that are alike the hash's upper bits are, so that they are mixed once more.
  private static func unit(_ text: String) -> Double {
    var random = SplitMix64(seed: ContentHash(text).value)
    return Double(random.next() >> 11) * 0x1p-53
  }
}

/// What a person says of two answers.
enum PairVerdict: String, Sendable, Hashable, CaseIterable {
  case left, right, both, neither

  var qualities: (left: Double, right: Double) {
    switch self {
    case .left: (1, 0)
    case .right: (0, 1)
    case .both: (1, 1)
    case .neither: (0, 0)
    }
  }

  /// The key that says it.
  var key: String {
    switch self {
    case .left: "1"
    case .right: "2"
    case .both: "3"
    case .neither: "0"
    }
  }

  var name: String {
    switch self {
    case .left: "Only the first is good"
    case .right: "Only the second is good"
    case .both: "Both are good"
    case .neither: "Neither is good"
    }
  }
}

/// Ratings that were given a moment ago and may not be written yet.
final class RecentRatings: Sendable {
  private static let capacity = 512
  private let given = Mutex<[(rater: String, id: String)]>([])

  func add(_ id: String, by rater: String) {
    given.withLock { given in
      given.append((rater, id))
      if given.count > Self.capacity { given.removeFirst(given.count - Self.capacity) }
    }
  }

  func ids(by rater: String) -> Set<String> { given.withLock { Set($0.filter { $0.rater == rater }.map(\.id)) } }
}
