import ChatProtocols
import TextKit

/// Deployments put into tiers and targets, under names that may stand.
struct LiteLLMPlan {
  struct Target {
    /// `nil` where it is called `provider/model`.
    var name: String?
    var provider: String
    var model: String
    var weight: Double?
    var priceName: String?
  }

  struct Tier {
    var name: String
    var targets: [Target]
  }

  /// By name, in the order in which they came.
  private(set) var providers: [(name: String, draft: LiteLLMDraft)] = []
  private(set) var tiers: [Tier] = []
  /// Reached by name alone.
  private(set) var extraTargets: [Target] = []
  private var taken: Set<String> = []
  private let notes: LiteLLMNotes

  /// - Parameter deployments: those that can be served, in the order of the file.
  init(_ deployments: [LiteLLMDeployment], prices: PriceCatalogue, notes: LiteLLMNotes) {
    self.notes = notes
    // The first of a kind in the file has the plain name.
    for deployment in deployments { _ = provider(deployment) }
    var groups: [(name: String, members: [LiteLLMDeployment])] = []
    for deployment in deployments where !deployment.isEmbedding {
      if let place = groups.firstIndex(where: { $0.name == deployment.group }) {
        groups[place].members.append(deployment)
      } else {
        groups.append((deployment.group, [deployment]))
      }
    }
    let limit = GatewayConfiguration.tierCount.upperBound
    if groups.count > limit { notes.add("model_list: more than \(limit) groups: the most expensive are left out") }
    let sorted = Self.sorted(groups, prices, notes).prefix(limit)
    // Names of tiers come first: clients know them.
    let names = sorted.map { free($0.name, role: "model_name") }
    for (name, group) in zip(names, sorted) { tiers.append(Tier(name: name, targets: targets(group.members))) }
    for deployment in deployments where deployment.isEmbedding {
      var target = target(deployment)
      target.name = free(deployment.group, role: "model_name")
      extraTargets.append(target)
    }
  }

  /// Cheapest first; those without a price last, in the order of the file.
  private static func sorted(
    _ groups: [(name: String, members: [LiteLLMDeployment])], _ prices: PriceCatalogue, _ notes: LiteLLMNotes
  ) -> [(name: String, members: [LiteLLMDeployment])] {
    let priced = groups.map { group in (group, group.members.compactMap { price(of: $0, prices) }.min()) }
    let unknown = priced.filter { $0.1 == nil }.map { LiteLLMNotes.shown($0.0.name) }
    if !unknown.isEmpty, groups.count > 1 {
      notes.add("order of tiers: no price is known of \(unknown.joined(separator: ", ")): put last; check the order")
    }
    return priced.enumerated().sorted { left, right in
      (left.element.1 ?? .infinity, left.offset) < (right.element.1 ?? .infinity, right.offset)
    }.map { $0.element.0 }
  }

  /// USD per token of input and output together.
  private static func price(of deployment: LiteLLMDeployment, _ prices: PriceCatalogue) -> Double? {
    if let price = deployment.ownPrice { return price }
    let model = deployment.model
    let names = [
      deployment.priceName, "\(deployment.providerName)/\(model)", model,
      model.split(separator: "/").last.map(String.init),
    ]
    let price = names.lazy.compactMap(\.self).compactMap { prices.prices[$0] }.first
    return price.flatMap { price in price.input.flatMap { input in price.output.map { input + $0 } } }
  }

  /// Targets of a group: in their order, or sharing its requests.
  private mutating func targets(_ members: [LiteLLMDeployment]) -> [Target] {
    let hasOrder = members.contains { $0.order != nil }
    let inOrder =
      hasOrder
      ? members.enumerated().sorted {
        ($0.element.order ?? .infinity, $0.offset) < ($1.element.order ?? .infinity, $1.offset)
      }
      .map { $0.element } : members
    return inOrder.map { member in
      var target = target(member)
      let usual = "\(target.provider)/\(target.model)"
      let name = free(usual, role: "target")
      target.name = name == usual ? nil : name
      target.weight = hasOrder || members.count == 1 ? nil : min(member.weight ?? 1, 1_000_000)
      return target
    }
  }

  private mutating func target(_ deployment: LiteLLMDeployment) -> Target {
    Target(provider: provider(deployment), model: deployment.model, priceName: deployment.priceName)
  }

  /// The name of the provider that is as a deployment has it.
  private mutating func provider(_ deployment: LiteLLMDeployment) -> String {
    if let known = providers.first(where: { $0.draft == deployment.provider }) { return known.name }
    let same = providers.count {
      $0.name == deployment.providerName || $0.name.hasPrefix(deployment.providerName + "-")
    }
    let name = same == 0 ? deployment.providerName : "\(deployment.providerName)-\(same + 1)"
    providers.append((name, deployment.provider))
    return name
  }

  /// A name that may stand and is not taken: the one that is wanted, where that may be.
  private mutating func free(_ wanted: String, role: String) -> String {
    let letters = wanted.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F && scalar != "\"" && scalar != "*"
      return isPlain ? Character(scalar) : "-"
    }
    var name = String(letters.prefix(120))
    if name.isEmpty || name == "auto" || name.hasPrefix("auto:") || name.hasPrefix("router-") { name = "group-" + name }
    var number = 1
    let base = name
    while taken.contains(name) {
      number += 1
      name = "\(base)-\(number)"
    }
    taken.insert(name)
    if name != wanted, role == "model_name" {
      notes.add(
        "\(role) \(LiteLLMNotes.shown(wanted)): clients ask for \(name) instead: the name is taken or may not stand")
    }
    return name
  }
}
