/// The arm of an experiment that a conversation is in.
package struct ExperimentPlace: Sendable, Hashable {
  package let experiment: String
  /// As of ``ExperimentConfiguration/design``.
  package let design: String
  package let arm: String

  package init(experiment: String, design: String, arm: String) {
    (self.experiment, self.design, self.arm) = (experiment, design, arm)
  }
}

extension ExperimentConfiguration {
  /// The arm of a conversation, by a hash with the experiment's salt: all its turns are in it, and any process says the same.
  func arm(of conversation: Conversation) -> Arm? {
    // No other purpose can have a name with this character.
    var rest = conversation.share(for: "\u{0}experiment \(salt)")
    for arm in arms {
      rest -= arm.share
      if rest < 0 { return arm }
    }
    return nil
  }
}

extension RequestRouter {
  /// The policy that decides about a conversation in place of `default`, and the arms that it is in. Of several experiments the first that says
  /// so counts.
  func experiments(
    on conversation: Conversation
  ) -> (policy: String?, places: [ExperimentPlace], targets: [String: String]) {
    var found: (policy: String?, places: [ExperimentPlace], targets: [String: String]) = (nil, [], [:])
    for (experiment, design) in zip(configuration.experiments, designs) {
      guard let arm = experiment.arm(of: conversation) else { continue }
      found.places.append(ExperimentPlace(experiment: experiment.name, design: design, arm: arm.name))
      found.policy = found.policy ?? arm.policy
      found.targets.merge(arm.targets) { first, _ in first }
    }
    return found
  }
}
