/// When made-up requests come: by day more than by night, on workdays more than at the weekend.
struct DemoRhythm {
  /// In seconds since 1970.
  let start: Double
  /// The sum of the weights up to each hour's end.
  private let sums: [Double]
  private let hourSeconds: Double

  /// - Parameter seed: no day is quite like the others.
  init(end: Double, days: Int, seed: UInt64) {
    var dice = DemoDice(seed: seed)
    let moods = (0...days).map { _ in dice.near(1, 0.1) }
    start = end - Double(days) * 86_400
    hourSeconds = 3600
    var sum = 0.0
    var sums: [Double] = []
    for hour in 0..<days * 24 {
      sum += Self.weight(at: start + Double(hour) * 3600) * moods[hour / 24]
      sums.append(sum)
    }
    self.sums = sums
  }

  /// When so large a share of all requests has come; it rises with the share.
  func time(at share: Double) -> Double {
    let wanted = share * (sums.last ?? 0)
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    let before = low == 0 ? 0 : sums[low - 1]
    return start + (Double(low) + (wanted - before) / (sums[low] - before)) * hourSeconds
  }

  /// Hours are UTC's; the first of January 1970 was a Thursday.
  private static func weight(at time: Double) -> Double {
    let hours = Int((time / 3600).rounded(.down))
    let isWeekend = [2, 3].contains(hours / 24 % 7)
    let day: Double
    switch hours % 24 {
    case 8..<12, 13..<17: day = 1
    case 6..<8, 12, 17..<20: day = 0.55
    case 20..<23: day = 0.25
    default: day = 0.1
    }
    return isWeekend ? 0.08 + 0.25 * day : day
  }

  static func isNight(_ time: Double) -> Bool { !(6..<22).contains(Int((time / 3600).rounded(.down)) % 24) }
}
