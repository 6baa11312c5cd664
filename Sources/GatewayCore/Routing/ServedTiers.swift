import Ockham
import TextKit

/// Which of a model's tiers a configuration serves.
enum ServedTiers {
  /// The model's tiers that the configuration names: all or some, in the model's order.
  ///
  /// - Throws: ``ConfigurationProblem`` for other tiers or another order, and where a policy takes its thresholds from a model
  ///   that was calibrated without one of them.
  static func selection(
    _ configuration: GatewayConfiguration, _ model: Model
  ) throws(ConfigurationProblem) -> TierSelection {
    let found = configuration.tiers.map(\.name)
    guard let selection = TierSelection(named: found, of: model) else {
      throw ConfigurationProblem(
        path: "tiers", expected: "two or more of the model's tiers in its order: \(SafeText.names(model.tierNames))",
        found: found.joined(separator: ", "), remedy: "rename the tiers, or train a model for these")
    }
    let calibrated = TierSelection(calibratedOf: model)
    let foreign = found.filter { !calibrated.names.contains($0) }
    guard foreign.isEmpty || !takesThresholds(configuration) else {
      throw ConfigurationProblem(
        path: "tiers",
        expected: "tiers that the model's thresholds were chosen for: \(SafeText.names(calibrated.names))",
        found: found.joined(separator: ", "),
        remedy:
          "leave out \(foreign.joined(separator: ", ")), calibrate the model with --tiers for these, or write the "
          + "thresholds of each policy")
    }
    return selection
  }

  /// Whether a policy has no thresholds of its own. The policy `default` is there although no one writes it.
  private static func takesThresholds(_ configuration: GatewayConfiguration) -> Bool {
    configuration.policies["default"] == nil || configuration.policies.values.contains { $0.thresholds == nil }
  }
}
