import Ockham

/// A made-up conversation: it stays with its subject, and with the tier that it came to.
struct DemoConversation {
  let id: UInt64
  let client: DemoClient
  let subject: DemoSubject
  let difficulty: Double
  /// As it was asked, with the answers before.
  var segments: [Segment]
  /// Where it is, and the probability of the draw that put it there; `nil` before the first answer.
  var tier: Int?
  var propensity = 1.0
  var lastTime: Double
  var turns = 1

  static let system = Segment(role: .system, text: "You answer requests that were made up for a demonstration.")

  init(at time: Double, _ dice: inout DemoDice) {
    let isNight = DemoRhythm.isNight(time)
    client = DemoClient.all[dice.place(in: DemoClient.all.map { $0.weight(atNight: isNight) })]
    subject = DemoSubject.all[dice.place(in: client.subjects)]
    difficulty = min(0.95, max(0.01, dice.near(subject.difficulty, 0.11)))
    id = dice.word()
    lastTime = time
    segments = [Self.system, Self.question(on: subject, &dice)]
  }

  /// One more turn, after an answer.
  mutating func goOn(at time: Double, _ dice: inout DemoDice) {
    segments.append(Segment(role: .assistant, text: "Made-up answer \(turns)."))
    segments.append(Self.question(on: subject, &dice))
    turns += 1
    lastTime = time
  }

  func isOpen(at time: Double) -> Bool { !client.isNightly && time - lastTime < 1800 && turns < 6 }

  private static func question(on subject: DemoSubject, _ dice: inout DemoDice) -> Segment {
    let number = dice.number(below: 100_000)
    let parts = dice.one(of: subject.questions).split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    return Segment(role: .user, text: parts.joined(separator: "\(number)"))
  }
}
