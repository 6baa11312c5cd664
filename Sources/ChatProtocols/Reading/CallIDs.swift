/// Ids of a conversation's tool calls as strict providers take them: letters that may stand, and each id once.
///
/// Servers use dots and colons in them, or name every call after its function. A result gets the id of its call; of calls
/// of one turn that share an id, the first result belongs to the first call.
struct CallIDs {
  private let maximumBytes: Int
  private var used: Set<String> = []
  /// How often an id was asked for that was in use.
  private var repeats: [String: Int] = [:]
  /// The ids of the turn's calls without results, by those of the client.
  private var open: [String: [String]] = [:]

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// Calls of earlier turns get no more results.
  mutating func beginTurn() { open = [:] }

  mutating func call(_ id: String) -> String {
    let plain = plain(id)
    var wire = plain
    while !used.insert(wire).inserted {
      let number = repeats[plain, default: 1] + 1
      repeats[plain] = number
      wire = WireName.of("\(plain)_\(number)", maximumBytes: maximumBytes)
    }
    open[id, default: []].append(wire)
    return wire
  }

  mutating func result(_ id: String) -> String {
    guard var waiting = open[id], !waiting.isEmpty else { return plain(id) }
    let wire = waiting.removeFirst()
    open[id] = waiting
    return wire
  }

  private func plain(_ id: String) -> String {
    id.isEmpty ? "call" : WireName.of(id, maximumBytes: maximumBytes)
  }
}
