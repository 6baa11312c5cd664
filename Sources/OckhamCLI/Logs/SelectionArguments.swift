import ArgumentParser
import Foundation
import Ockham
import Workflow

/// Which tiers of a model are used.
struct SelectionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use only these tiers of the model; the step between two of them is the sum of the steps on the way.",
      valueName: "a,b,…"))
  var tiers: String?

  /// The names that the option gives; `nil` without it.
  var names: [String]? {
    tiers?.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The tiers of a model that the option names; those that its thresholds were chosen for where it is left out.
  func selection(of folder: ModelFolder) throws -> TierSelection { try folder.selection(named: names) }
}
