package import TextKit
import Yams

/// Makes a configuration of LiteLLM's proxy into one of this gateway: `config.yaml` with `model_list`.
///
/// Groups of models become tiers of the same names, cheapest first, so that clients ask as before; `auto` is new. What has
/// no place here is left out and told, each once; secrets are never copied.
package struct LiteLLMConversion {
  /// The configuration, which loads.
  package let yaml: String

  /// What could not be carried over, or must be looked at.
  package let notes: [String]

  /// The file that cannot be converted, and why.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameters:
  ///   - text: LiteLLM's configuration.
  ///   - path: its path, for messages.
  ///   - environment: the value of a variable: addresses may stand in some. Of secrets, only hashes are used.
  ///   - prices: what decides the order of tiers.
  /// - Throws: ``Refusal`` for a file that is no YAML, or has no model that can be served.
  package init(
    text: String, path: String, environment: (String) -> String?, prices: PriceCatalogue = .shipped
  ) throws(Refusal) {
    let problems = ProblemList(file: path)
    guard let root = YAMLDocument.read(text, into: problems), !problems.hasErrors else {
      throw Refusal(description: problems.inOrder.map(\.description).joined(separator: "\n"))
    }
    let mapping = LiteLLMMapping(root.node)
    let notes = LiteLLMNotes()
    let entries = Array(mapping["model_list"]?.sequence ?? [])
    let deployments = withoutActuallyEscaping(environment) { environment in
      let reader = LiteLLMDeploymentReader(environment: environment, notes: notes)
      return entries.enumerated().compactMap { reader.deployment($1, place: "model_list[\($0)]") }
    }
    let settings = LiteLLMSettings(mapping, notes: notes)
    let plan = LiteLLMPlan(deployments, prices: prices, notes: notes)
    guard !plan.tiers.isEmpty else {
      let found = entries.isEmpty ? "no model_list" : "none that can be served"
      throw Refusal(
        description: ([
          "\(path): expected a model_list with at least one chat model, found \(found); is this LiteLLM's configuration?"
        ] + notes.all).joined(separator: "\n"))
    }
    let writer = LiteLLMWriter(plan: plan, settings: settings, notes: notes)
    let body = writer.body(environment)
    self.notes = notes.all
    yaml = LiteLLMWriter.head(notes.all) + body
    let (configuration, found) = ConfigurationFile.read(text: yaml, path: "the result", environment: { _ in "set" })
    guard configuration != nil else {
      throw Refusal(description: found.map(\.description).joined(separator: "\n"))
    }
  }
}
