import Foundation

/// What others alarm by, on the same columns: a day against the first week.
struct Rivals {
  /// A column: numbers, or choices.
  enum Column {
    case number([Double])
    case choice([Int])
  }

  private let reference: [Column]
  /// Of numbers: the reference in order, its deviation, and its tenths.
  private let sorted: [[Double]]
  private let deviations: [Double]
  private let edges: [[Double]]
  private let tenths: [[Double]]

  init(_ week: [World.Request]) {
    reference = Self.columns(week).map(\.column)
    sorted = reference.map { if case .number(let values) = $0 { values.sorted() } else { [] } }
    deviations = sorted.map { values in
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
    }
    edges = sorted.map { values in values.isEmpty ? [] : (1..<10).map { values[values.count * $0 / 10] } }
    tenths = zip(sorted, edges).map { Self.bins($0, $1) }
  }

  static func columns(_ requests: [World.Request]) -> [(name: String, column: Column)] {
    [
      ("bytes", .number(requests.map(\.bytes))), ("language", .choice(requests.map(\.language))),
      ("task", .choice(requests.map(\.task))), ("score", .number(requests.map { Double($0.logits[0]) })),
      ("tier", .choice(requests.map(\.tier))), ("cost", .number(requests.map(\.costUSD))),
      ("latency", .number(requests.map(\.latency))), ("failed", .choice(requests.map { $0.hasFailed ? 1 : 0 })),
    ]
  }

  struct Verdict {
    /// Whether any column has a population stability index above 0.10.
    var psi = false
    /// Evidently 0.7's defaults: whether any column, and whether half of the columns, drifted.
    var drifted = 0
    var evidentlyColumn: Bool { drifted > 0 }
    var evidentlyDataset = false
    /// The target's: a z-test of labels at 0.05.
    var evidentlyTarget = false
  }

  func verdict(_ day: [World.Request], week: [World.Request]) -> Verdict {
    var verdict = Verdict()
    var drifted = 0
    for (index, own) in Self.columns(day).enumerated() {
      switch (reference[index], own.column) {
      case (.number, .number(let values)):
        if Self.psi(shares: Array(zip(tenths[index], Self.bins(values, edges[index])))) > 0.1 { verdict.psi = true }
        if Self.wasserstein(sorted[index], values.sorted(), deviation: deviations[index]) >= 0.1 { drifted += 1 }
      case (.choice(let first), .choice(let second)):
        if Self.psi(shares: Self.shares(first, second)) > 0.1 { verdict.psi = true }
        if Self.jensenShannon(Self.shares(first, second)) >= 0.1 { drifted += 1 }
      default: break
      }
    }
    verdict.drifted = drifted
    verdict.evidentlyDataset = 2 * drifted >= reference.count
    verdict.evidentlyTarget = Self.zTest(week.compactMap(\.label), day.compactMap(\.label)) < 0.05
    return verdict
  }

  /// Shares of each choice in both.
  static func shares(_ first: [Int], _ second: [Int]) -> [(Double, Double)] {
    Set(first + second).sorted().map { choice in
      (
        Double(first.count { $0 == choice }) / Double(first.count),
        Double(second.count { $0 == choice }) / Double(second.count)
      )
    }
  }

  static func psi(shares: [(Double, Double)]) -> Double {
    shares.reduce(0) { sum, pair in
      let (first, second) = (max(pair.0, 1e-4), max(pair.1, 1e-4))
      return sum + (second - first) * log(second / first)
    }
  }

  /// The shares of values between edges.
  static func bins(_ values: [Double], _ edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: 10)
    for value in values { counts[edges.count { $0 < value }] += 1 / Double(values.count) }
    return counts
  }

  /// The distance of two samples, each in order, in standard deviations of the first.
  static func wasserstein(_ a: [Double], _ b: [Double], deviation: Double) -> Double {
    var (i, j, distance) = (0, 0, 0.0)
    var last = min(a[0], b[0])
    while i < a.count || j < b.count {
      let next = min(i < a.count ? a[i] : .infinity, j < b.count ? b[j] : .infinity)
      distance += abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)) * (next - last)
      last = next
      while i < a.count, a[i] == next { i += 1 }
      while j < b.count, b[j] == next { j += 1 }
    }
    return distance / max(deviation, 0.001)
  }

  /// The square root of the divergence in base e, as SciPy has it.
  static func jensenShannon(_ shares: [(Double, Double)]) -> Double {
    func part(_ p: Double, _ m: Double) -> Double { p > 0 ? p * log(p / m) : 0 }
    let sum = shares.reduce(0) { sum, pair in
      let middle = (pair.0 + pair.1) / 2
      return sum + part(pair.0, middle) / 2 + part(pair.1, middle) / 2
    }
    return max(0, sum).squareRoot()
  }

  /// Two-sided, of two shares.
  static func zTest(_ first: [Double], _ second: [Double]) -> Double {
    guard first.count > 1, second.count > 1 else { return 1 }
    let (n, m) = (Double(first.count), Double(second.count))
    let (p, q) = (first.reduce(0, +) / n, second.reduce(0, +) / m)
    let pooled = (first.reduce(0, +) + second.reduce(0, +)) / (n + m)
    let error = (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
    return error > 0 ? erfc(abs(p - q) / error / 2.0.squareRoot()) : 1
  }
}
