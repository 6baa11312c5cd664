import Evaluation
import Foundation
import Ockham
import Statistics

/// Made-up traffic with the habits of real one: it differs by the day of the week, wanders from day to day, and comes in conversations.
struct World {
  /// What changes, and by how much.
  enum Shift: String, CaseIterable {
    case none = "nothing"
    case language = "language: one conversation in ten is Chinese"
    case length = "length: requests 1.4 times as long"
    case task = "new task: one conversation in ten is of a kind never seen"
    case provider = "provider 5 points worse"
    case price = "price of the expensive tier doubled"
  }

  /// How strong habits are: the deviation of a day's mixture, in logits, and what the next day inherits of it.
  struct Habits {
    var week: Double
    var day: Double
    var persistence: Double

    static let all = [
      Habits(week: 0.1, day: 0.05, persistence: 0), Habits(week: 0.4, day: 0.1, persistence: 0.5),
      Habits(week: 0.2, day: 0.15, persistence: 0.8), Habits(week: 0.8, day: 0.05, persistence: 0.3),
    ]
  }

  /// One request, as other programs would see it too.
  struct Request {
    var day: Int
    var conversation: UInt64
    var bytes: Double
    var language: Int
    var task: Int
    var logits: [Float]
    var tier: Int
    var costUSD: Double
    var latency: Double
    var hasFailed: Bool
    /// Of the tier that served, where it was audited.
    var label: Double?
  }

  static let requestsPerDay = 1_000
  static let auditRate = 0.02
  static let kinds = 6

  let habits: Habits
  let shift: Shift
  let shiftDay: Int
  private var random: SplitMix64
  private var wander = [Double](repeating: 0, count: 8)
  private let weekly: [[Double]]
  private var conversations: UInt64 = 0

  init(habits: Habits, shift: Shift, shiftDay: Int, seed: UInt64) {
    (self.habits, self.shift, self.shiftDay) = (habits, shift, shiftDay)
    var random = SplitMix64(seed: seed, 7)
    weekly = (0..<7).map { _ in (0..<8).map { _ in habits.week * random.normal() } }
    self.random = random
    for index in wander.indices { wander[index] = habits.day * self.random.normal() }
  }

  mutating func day(_ number: Int) -> [Request] {
    let (rho, fresh) = (habits.persistence, (1 - habits.persistence * habits.persistence).squareRoot())
    for index in wander.indices { wander[index] = rho * wander[index] + fresh * habits.day * random.normal() }
    let mood = zip(wander, weekly[number % 7]).map { $0 + $1 }
    let isShifted = number >= shiftDay
    let count = Int(Double(Self.requestsPerDay) * exp(0.3 * mood[7]))
    var requests: [Request] = []
    while requests.count < count { requests += conversation(number, mood, isShifted) }
    return requests
  }

  private mutating func conversation(_ day: Int, _ mood: [Double], _ isShifted: Bool) -> [Request] {
    conversations += 1
    let name = SplitMix64.mixed(conversations)
    var language = random.unit() < 0.15 ? 1 : 0
    if isShifted, shift == .language, random.unit() < 0.1 { language = 2 }
    let logits = (0..<Self.kinds - 1).map { 0.2 * Double($0) + mood[$0] }
    var task = random.choice(logits.map { exp($0) })
    if isShifted, shift == .task, random.unit() < 0.1 { task = Self.kinds - 1 }
    let hardness = random.normal() * 0.8 + 0.15 * Double(task) - 0.3 + 0.3 * mood[0]
    return (0..<1 + Int(-log(1 - random.unit()) * 1.5)).map { _ in
      request(day, name, language, task, hardness, mood, isShifted)
    }
  }

  private mutating func request(
    _ day: Int, _ conversation: UInt64, _ language: Int, _ task: Int, _ hardness: Double, _ mood: [Double],
    _ isShifted: Bool
  ) -> Request {
    let longer = isShifted && shift == .length ? 1.4 : 1
    let bytes = exp(5.5 + 0.3 * Double(task) + 0.9 * random.normal() + 0.3 * mood[5]) * longer
    let cheap = 1.2 - hardness + 0.5 * random.normal()
    let logits = [Float(cheap), Float(cheap + 1 + 0.2 * random.normal())]
    let tier = logits[0] > 0.9 ? 0 : 1
    let price = (tier == 0 ? 1.0 : 10) * (isShifted && shift == .price && tier == 1 ? 2 : 1)
    let tokens = exp(5 + 0.7 * random.normal() + 0.1 * Double(task))
    let good = 1 / (1 + exp(-Double(logits[tier])))
    let worse = isShifted && shift == .provider ? 0.05 : 0
    let isGood = random.unit() < good - worse
    return Request(
      day: day, conversation: conversation, bytes: bytes, language: language, task: task, logits: logits, tier: tier,
      costUSD: price * 1e-6 * (bytes / 4 + 4 * tokens),
      latency: 300 * exp(0.5 * random.normal() + 0.3 * mood[6]) + tokens * 8, hasFailed: random.unit() < 0.01,
      label: random.unit() < Self.auditRate ? (isGood ? 1 : 0) : nil)
  }

  /// What a fixed set of prompts, asked every hour, gives: passed or not.
  mutating func canaries(_ number: Int) -> [(prompt: Int, isGood: Bool)] {
    let worse = number >= shiftDay && shift == .provider ? 0.05 : 0
    return (0..<24).flatMap { _ in
      (0..<20).map { prompt in (prompt, random.unit() < (prompt < 16 ? 0.995 : 0.7) - worse) }
    }
  }
}

extension SplitMix64 {
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
  }

  /// One of several, by weight.
  mutating func choice(_ weights: [Double]) -> Int {
    var rest = unit() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}

extension World.Request {
  /// Places of the dense features that the world fills.
  static let dense = ["question_bytes", "latin_extended_share", "han_share"].map { name in
    DenseFeatures.names.firstIndex(of: name)!
  }

  static let columns: [DriftColumn] =
    dense.map { .feature($0) } + [
      .logit(0), .logit(1), .tier, .task, .failed, .cost(0), .cost(1), .latency(0), .latency(1),
    ]

  /// As a watch sees it.
  var facts: DriftFacts {
    var facts = DriftFacts(conversation: conversation, time: Double(day) * 86_400 + 43_200)
    facts.dense = [Float](repeating: 0, count: DenseFeatures.names.count)
    let shares: [Float] = [0, language == 1 ? 0.03 : 0, language == 2 ? 0.8 : 0]
    facts.dense[Self.dense[0]] = Float(log(1 + bytes))
    for place in 1...2 { facts.dense[Self.dense[place]] = shares[place] }
    facts.logits = logits
    facts.probabilities = logits.map { 1 / (1 + exp(-$0)) }
    (facts.tier, facts.task, facts.hasFailed) = (tier, task, hasFailed)
    facts.answers = (0..<2).map { $0 == tier ? .init(costUSD: costUSD, latencyMilliseconds: latency) : nil }
    facts.labels = (0..<2).map { $0 == tier ? label : nil }
    return facts
  }
}
