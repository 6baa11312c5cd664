import Evaluation

/// A request in an arm of something that is compared, as a store has it.
protocol LoggedTurn {
  /// In the order of writing.
  var number: Int { get }
  var requestID: String { get }
  var conversation: String { get }
  /// When the request came, in seconds since 1970.
  var time: Double { get }
  var arm: String { get }
}

/// Conversations in arms as their requests come in, each until it is over.
struct ArmConversations: Sendable {
  /// A conversation, or the part of a long one that counts as one.
  struct Part: Sendable, Hashable {
    let arm: String
    /// In the order in which they came; ``DecidingSequence/greatest`` at most.
    var requests: [String]
    /// When the last one came, in seconds since 1970.
    var last: Double
  }

  /// Without a request for so long, a conversation is over.
  let idleSeconds: Double
  private var open: [String: Part] = [:]

  init(idleSeconds: Double) { self.idleSeconds = idleSeconds }

  /// How many are not over.
  var count: Int { open.count }

  /// Takes a request.
  /// - Returns: what is over by that: the same conversation before a pause, and a part that is full.
  mutating func add(_ turn: some LoggedTurn) -> [Part] {
    var ended: [Part] = []
    if let part = open[turn.conversation], turn.time - part.last > idleSeconds || part.arm != turn.arm {
      ended.append(part)
      open[turn.conversation] = nil
    }
    var part = open[turn.conversation] ?? Part(arm: turn.arm, requests: [], last: turn.time)
    part.requests.append(turn.requestID)
    part.last = max(part.last, turn.time)
    open[turn.conversation] = part.requests.count < DecidingSequence.greatest.requests ? part : nil
    if open[turn.conversation] == nil { ended.append(part) }
    return ended
  }

  /// Takes out those that are over at a time, the oldest first.
  mutating func takeIdle(at time: Double) -> [Part] {
    let idle = open.filter { time - $0.value.last > idleSeconds }
    for name in idle.keys { open[name] = nil }
    return idle.sorted { ($0.value.last, $0.key) < ($1.value.last, $1.key) }.map(\.value)
  }
}
