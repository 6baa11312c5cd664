import Ockham
import Statistics
import TextKit

/// Ways of routing that are compared on live traffic: each conversation is in one arm, or in none.
package struct ExperimentConfiguration: Sendable, Hashable {
  /// One way, and whose conversations it gets.
  package struct Arm: Sendable, Hashable {
    package var name: String
    /// Of all conversations, above 0.
    package var share: Double
    /// The policy that decides in place of `default`; `nil` leaves it.
    package var policy: String?
    /// The target that answers first, by tier.
    package var targets: [String: String] = [:]

    package init(name: String, share: Double) { (self.name, self.share) = (name, share) }
  }

  package var name: String
  /// Picks the conversations; another salt is another draw.
  package var salt: String
  /// The first is what the others are compared with. Their shares come to 1 at most.
  package var arms: [Arm]

  /// Names the experiment as it is: with other arms, shares or another salt it is another one, which begins anew.
  package var design: String {
    var hash = ContentHash(name)
    func add(_ text: String) {
      hash.append(0)
      for byte in text.utf8 { hash.append(byte) }
    }
    add(salt)
    for arm in arms {
      for text in [arm.name, "\(arm.share)", arm.policy ?? ""] { add(text) }
      for (tier, target) in arm.targets.sorted(by: { $0.key < $1.key }) { add(tier); add(target) }
    }
    return SplitMix64.mixed(hash.value).hexadecimal
  }

  package init(name: String, salt: String, arms: [Arm]) { (self.name, self.salt, self.arms) = (name, salt, arms) }
}
