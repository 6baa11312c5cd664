import ChatProtocols
import TextKit

/// What the `model` of a request asks for.
enum ModelName: Sendable, Hashable {
  /// Routing by a policy, with the least gain per step where the name says one.
  case policy(String, threshold: Float?)
  case tier(Int)
  /// A target, with its tier where it is in one.
  case target(name: String, tier: Int?)
}

/// The names that clients may ask for.
struct ModelNames: Sendable {
  private let concrete: [String: ModelName]
  private let policies: Set<String>

  /// Names to show, in order: `auto`, policies, tiers, targets.
  let listed: [String]

  init(_ configuration: GatewayConfiguration) {
    var concrete: [String: ModelName] = [:]
    var models: [String: ModelName] = [:]
    var targets: [String] = []
    func add(_ target: TargetConfiguration, tier: Int?) {
      let name = ModelName.target(name: target.name, tier: tier)
      if concrete[target.name] == nil { concrete[target.name] = name }
      // A model that several targets serve stands for the first of them.
      if models[target.model] == nil { models[target.model] = name }
      targets.append(target.name)
    }
    for (index, tier) in configuration.tiers.enumerated() { concrete[tier.name] = .tier(index) }
    for (index, tier) in configuration.tiers.enumerated() { for target in tier.targets { add(target, tier: index) } }
    for target in configuration.extraTargets { add(target, tier: nil) }
    self.concrete = models.merging(concrete) { $1 }
    policies = Set(configuration.policies.keys).union(["default"])
    listed =
      ["auto"] + policies.sorted().map { "auto:\($0)" } + configuration.tiers.map(\.name) + targets
  }

  /// What a name asks for: a tier before a target, a target's name before a provider's name of a model.
  func resolve(_ name: String) throws(GatewayError) -> ModelName {
    if name == "auto" { return .policy("default", threshold: nil) }
    if let found = concrete[name] { return found }
    if name.hasPrefix("auto:") { return .policy(try policy(String(name.dropFirst(5)), param: "model"), threshold: nil) }
    if let found = withThreshold(name) { return found }
    throw GatewayError(
      .modelNotFound,
      message: "There is no model \(SafeText.label(name)). Ask for auto, auto:POLICY, a tier or a model; "
        + "GET /v1/models lists them.", param: "model")
  }

  /// `router-<policy>-<threshold>`, with a threshold from 0 to 1.
  private func withThreshold(_ name: String) -> ModelName? {
    guard name.hasPrefix("router-"), let dash = name.lastIndex(of: "-") else { return nil }
    let start = name.index(name.startIndex, offsetBy: "router-".count)
    guard start < dash, let threshold = Float(name[name.index(after: dash)...]), (0...1).contains(threshold) else {
      return nil
    }
    let policy = String(name[start..<dash])
    return policies.contains(policy) ? .policy(policy, threshold: threshold) : nil
  }

  /// A policy's name, if there is such a policy.
  func policy(_ name: String, param: String) throws(GatewayError) -> String {
    if policies.contains(name) { return name }
    throw GatewayError(
      .modelNotFound,
      message:
        "There is no policy \(SafeText.label(name)). The policies are \(policies.sorted().joined(separator: ", ")).",
      param: param)
  }

  /// The index of a tier, if there is such a tier.
  func tier(_ name: String, param: String) throws(GatewayError) -> Int {
    if case .tier(let index)? = concrete[name] { return index }
    throw GatewayError(
      .modelNotFound, message: "There is no tier \(SafeText.label(name)). GET /v1/models lists them.", param: param)
  }
}
