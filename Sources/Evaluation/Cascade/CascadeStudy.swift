import Foundation
import Ockham
import Synchronization

/// What the members of a cascade's path come to on a log, each row by a path made of the other folds.
///
/// For each fold the spreads are taken from the other ones, every policy of every member is played on those, and the member
/// whose area under quality over dollars is greatest there is the one that is chosen for the fold. Nothing that serves a row
/// has seen its outcomes.
struct CascadeStudy: Sendable {
  /// Weighted sums over rows.
  struct Sums: Sendable {
    var quality = 0.0
    var costUSD = 0.0

    mutating func add(quality: Double, costUSD: Double, weight: Double) {
      self.quality += weight * quality
      self.costUSD += weight * costUSD
    }
  }

  /// What was found for one fold.
  private struct Fold: Sendable {
    let families: [CascadeFamily]
    /// By member and policy, over the rows of the other folds.
    let outside: [[Sums]]
    /// All to the first and all to the last tier, over the same rows.
    let first: Sums
    let last: Sums
    let chosen: Int
  }

  let sample: CascadeSample
  private let byFold: [Fold]

  /// - Parameters:
  ///   - count: the number of gains on either side of 0.
  /// - Complexity: O(folds · members · policies · n · T), the folds shared among the processors.
  init(_ sample: CascadeSample, costs: [Double], count: Int) {
    self.sample = sample
    let found = Mutex([Fold?](repeating: nil, count: CascadeSample.folds))
    DispatchQueue.concurrentPerform(iterations: CascadeSample.folds) { fold in
      let result = Self.study(sample, fold: fold, costs: costs, count: count)
      found.withLock { $0[fold] = result }
    }
    byFold = found.withLock { $0.compactMap(\.self) }
  }

  private static func study(_ sample: CascadeSample, fold: Int, costs: [Double], count: Int) -> Fold {
    let (log, rows) = (sample.log, sample.rows(outside: fold))
    let families = CascadeFamily.all(
      costs: costs, spreads: sample.spreads(rows: rows), checkedTiers: sample.checkedTiers,
      isScaled: log.thresholdScale != nil, count: count)
    func all(_ tier: Int) -> Sums {
      rows.reduce(into: Sums()) {
        $0.add(quality: log.quality[$1, tier], costUSD: log.cost[$1, tier], weight: log.weights[$1])
      }
    }
    let (first, last) = (all(0), all(log.tierCount - 1))
    let outside = families.map { family in
      family.gains.map { gain in
        let policy = family.policy(gain)
        return rows.reduce(into: Sums()) { sums, row in
          let service = policy.serve(log, sample.responses, row: row)
          sums.add(
            quality: log.quality[row, service.tier], costUSD: log.costUSD(service, row: row),
            weight: log.weights[row])
        }
      }
    }
    let areas = outside.map { DollarArea.value(of: $0.prefix(count + 1), first: first, last: last) ?? 0 }
    let chosen = areas.indices.reduce(0) { areas[$1] > areas[$0] ? $1 : $0 }
    return Fold(families: families, outside: outside, first: first, last: last, chosen: chosen)
  }
}

extension CascadeStudy {
  /// Which member serves the rows of a fold.
  enum Choice: Sendable, Equatable {
    /// This one, whatever it is worth.
    case member(CascadeMember)
    /// The one of greatest area on the other folds.
    case chosen
  }

  private func index(_ choice: Choice, _ fold: Int) -> Int {
    switch choice {
    case .member(let member): CascadeMember.allCases.firstIndex(of: member) ?? 0
    case .chosen: byFold[fold].chosen
    }
  }

  /// The member that most folds choose; of equals the one that needs less.
  var member: CascadeMember {
    let votes = CascadeMember.allCases.indices.map { member in byFold.count { $0.chosen == member } }
    return CascadeMember.allCases[votes.indices.reduce(0) { votes[$1] > votes[$0] ? $1 : $0 }]
  }

  /// How every row is served at each gain from the cheap end to 0, where quality alone counts [policies × n].
  func services(_ choice: Choice) -> [[CascadeService]] {
    let positive = (byFold[0].families[0].gains.count + 1) / 2
    return (0..<positive).map { place in services(choice) { _ in place } }
  }

  /// How every row is served by the cheapest policy that keeps so much of the last tier's quality on the other folds: all to
  /// the last tier where none is cheaper [n].
  func services(_ choice: Choice, keeping quality: Double) -> [CascadeService] {
    services(choice) { fold in
      let found = byFold[fold]
      var best: (place: Int?, sums: Sums) = (nil, found.last)
      for (place, sums) in found.outside[index(choice, fold)].enumerated() {
        guard sums.quality >= quality * found.last.quality,
          (sums.costUSD, -sums.quality) < (best.sums.costUSD, -best.sums.quality)
        else { continue }
        best = (place, sums)
      }
      return best.place
    }
  }

  /// - Parameter place: which policy serves the rows of a fold; `nil` for all to the last tier.
  private func services(_ choice: Choice, place: (_ fold: Int) -> Int?) -> [CascadeService] {
    let last = sample.log.tierCount - 1
    let policies = byFold.indices.map { fold in
      let family = byFold[fold].families[index(choice, fold)]
      return place(fold).map { family.policy(family.gains[$0]) }
    }
    return sample.foldOfRow.enumerated().map { row, fold in
      policies[fold]?.serve(sample.log, sample.responses, row: row)
        ?? CascadeService(start: last, tier: last, asked: TierSet(only: last))
    }
  }
}

/// The area under quality over dollars along a path of policies.
enum DollarArea {
  /// ∫ over the share b of the dollars between all requests at the first and all at the last tier, of the share of the quality
  /// between them that is reached within that budget.
  ///
  /// The path runs from cheapest to most expensive. A policy that costs no more than one before it replaces it where it is better; where the
  /// path ends below the last tier's dollars, what it reached is kept: no one has to spend the rest. Random routing has 0.5.
  ///
  /// - Parameter sums: what the policies come to, from cheapest to most expensive.
  /// - Returns: `nil` where the last tier is not better or not more expensive.
  static func value(
    of sums: some Sequence<CascadeStudy.Sums>, first: CascadeStudy.Sums, last: CascadeStudy.Sums
  ) -> Double? {
    let (dollars, quality) = (last.costUSD - first.costUSD, last.quality - first.quality)
    guard dollars > 0, quality > 0 else { return nil }
    var (area, x, y) = (0.0, 0.0, 0.0)
    for point in sums {
      let place = (point.costUSD - first.costUSD) / dollars
      let height = (point.quality - first.quality) / quality
      guard place > x else {
        y = max(y, height)
        continue
      }
      if place >= 1 {
        let end = y + (height - y) * (1 - x) / (place - x)
        return area + (1 - x) * (y + end) / 2
      }
      area += (place - x) * (y + height) / 2
      (x, y) = (place, height)
    }
    return area + (1 - x) * y
  }
}
