extension ConfigurationReader {
  /// Read after tiers, targets and policies: it names them.
  mutating func readExperiments(_ node: ConfigurationNode) {
    for (name, value) in node.entries(of: "a mapping of a name to each experiment") ?? [] {
      guard checkName(name, value, role: "an experiment"), let map = value.map("salt", "arms"),
        let arms = map.required("arms", "a mapping of a name to each arm, the control first")
      else { continue }
      var experiment = ExperimentConfiguration(name: name, salt: name, arms: [])
      map.set("salt", &experiment.salt) { $0.text("a string of your own") }
      let entries = arms.entries(of: "a mapping of a name to each arm, the control first") ?? []
      for (name, value) in entries {
        guard checkName(name, value, role: "an arm"), let arm = arm(name, value) else { continue }
        experiment.arms.append(arm)
      }
      check(experiment, entries.count, arms)
      configuration.experiments.append(experiment)
    }
  }

  private func arm(_ name: String, _ node: ConfigurationNode) -> ExperimentConfiguration.Arm? {
    guard let map = node.map("share", "policy", "targets"),
      let share = map.required("share", "the arm's share of all conversations")?.number(in: .leastNonzeroMagnitude...1)
    else { return nil }
    var arm = ExperimentConfiguration.Arm(name: name, share: share)
    map.set("policy", &arm.policy, read: policyName)
    map.set("targets", &arm.targets, read: targetsByTier)
    return arm
  }

  private func targetsByTier(_ node: ConfigurationNode) -> [String: String]? {
    guard let entries = node.entries(of: "a mapping of tiers to targets") else { return nil }
    var pairs: [String: String] = [:]
    for (name, value) in entries {
      guard let tier = configuration.tiers.first(where: { $0.name == name }) else {
        reportUnresolved(name, value, kind: "a tier", among: tierNames)
        continue
      }
      guard let target = value.text("the name of a target") else { continue }
      if tier.targets.contains(where: { $0.name == target }) {
        pairs[name] = target
      } else {
        reportUnresolved(target, value, kind: "a target of this tier", among: tier.targets.map(\.name))
      }
    }
    return pairs
  }

  /// - Parameter count: of the arms that are written down, those among them that cannot be read.
  private func check(_ experiment: ExperimentConfiguration, _ count: Int, _ node: ConfigurationNode) {
    if count < 2 {
      node.report(
        expected: "two arms or more", found: "\(count)",
        remedy: "write what is compared, the control first")
    }
    let sum = experiment.arms.reduce(0) { $0 + $1.share }
    if sum > 1 + 1e-9 {
      node.report(
        expected: "shares that come to 1 at most", found: "\(sum)",
        remedy: "make them smaller; who is in no arm is not in it")
    }
  }
}
