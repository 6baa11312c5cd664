/// Where is kept what targets were found to refuse, so that a reload or a restart need not learn it again with a refused
/// request for each.
///
/// What every kind guarantees: what was learnt of a target that is configured otherwise now (another model, another address) is
/// forgotten, and so is what is older than ``lifetimeSeconds``, since providers learn too. At most ``capacity`` are kept, the
/// oldest go first. Nothing here waits for a disk.
package protocol HintStore: Sendable {
  /// The names that a target was found to refuse, with when, in seconds since 1970; forgets what no longer holds.
  func hints(of place: HintPlace, at time: Double) -> [String: Double]

  /// Remembers one.
  func add(_ name: String, of place: HintPlace, at time: Double)

  /// Writes what has come so far.
  func close() async
}

extension HintStore {
  /// How long a refusal is believed.
  package static var lifetimeSeconds: Double { 7 * 86_400 }
  package static var capacity: Int { 1024 }
}

/// A target, and what of its configuration a refusal depends on.
package struct HintPlace: Sendable, Hashable {
  /// The target's name.
  package var target: String

  /// Another for every other model, address and protocol.
  package var fingerprint: String

  package init(target: String, fingerprint: String) {
    self.target = target
    self.fingerprint = fingerprint
  }
}

/// What one target was found to refuse.
struct LearntHint: Sendable, Hashable {
  var place: HintPlace
  var name: String
  /// In seconds since 1970.
  var time: Double
}
