import ChatProtocols
import Yams

/// One entry of `model_list`.
struct LiteLLMDeployment {
  /// The name that clients ask for.
  var group: String
  /// Names of LiteLLM's providers make those of ours.
  var providerName: String
  var provider: LiteLLMDraft
  var model: String
  /// The share of the group's requests, where one is told.
  var weight: Double?
  /// Deployments of a lower order go first.
  var order: Double?
  /// The name in the price catalogue, where it is not the model's.
  var priceName: String?
  /// USD per token of input and output together, where the file says.
  var ownPrice: Double?
  var isEmbedding: Bool
}

/// A provider of ours in the making: alike ones become one.
struct LiteLLMDraft: Hashable {
  var kind: ProviderKind
  var baseURL: String?
  var region: String?
  var query: String?
  var keyVariables: [String] = []
  var partVariables: [String: String] = [:]
  var command: [String] = []
  var headers: [String: String] = [:]
  var firstTokenSeconds: Double?
  var totalSeconds: Double?
}

/// Reads entries of `model_list`, and notes what of them has no place here.
struct LiteLLMDeploymentReader {
  let environment: (String) -> String?
  let notes: LiteLLMNotes

  private static let modes: Set<String> = ["chat", "completion", "responses", "embedding"]

  /// Parameters that are read, and those that only say what holds here anyway.
  private static let known: Set<String> = [
    "model", "api_key", "api_base", "base_url", "api_version", "azure_ad_token", "rpm", "tpm", "weight", "order",
    "timeout", "stream_timeout", "input_cost_per_token", "output_cost_per_token", "custom_llm_provider",
    "extra_headers", "headers", "organization", "aws_region_name", "aws_access_key_id", "aws_secret_access_key",
    "aws_session_token", "aws_profile_name", "vertex_project", "vertex_location", "vertex_credentials", "drop_params",
  ]

  /// - Returns: `nil` after a note.
  func deployment(_ node: Node, place: String) -> LiteLLMDeployment? {
    let entry = LiteLLMMapping(node)
    let parameters = LiteLLMMapping(entry["litellm_params"])
    let information = LiteLLMMapping(entry["model_info"])
    guard let written = parameters.setting("model")?.value(environment) else {
      notes.add("\(place): left out: it names no model")
      return nil
    }
    let group = entry["model_name"]?.scalar?.string ?? written
    guard !written.contains("*"), !group.contains("*") else {
      notes.add("\(place): left out: wildcards name no model; list the models that are used")
      return nil
    }
    let mode = information["mode"]?.scalar?.string ?? "chat"
    guard Self.modes.contains(mode) else {
      notes.add("\(place): left out: this gateway has no models of mode \(LiteLLMNotes.shown(mode))")
      return nil
    }
    guard let (name, provider, model) = provider(of: written, parameters, place: place),
      let draft = draft(of: provider, name: name, model: model, parameters, place: place)
    else { return nil }
    noteRest(parameters)
    let price = (parameters.number("input_cost_per_token"), parameters.number("output_cost_per_token"))
    let listed = (information.number("input_cost_per_token"), information.number("output_cost_per_token"))
    if price.0 != nil || listed.0 != nil {
      notes.add(
        "input_cost_per_token: used for the order of tiers alone; write prices to a file and name it under prices")
    }
    if parameters["rpm"] != nil || parameters["tpm"] != nil {
      notes.add("rpm, tpm of deployments: kept as shares of a tier's requests; this gateway limits keys, not targets")
    }
    return LiteLLMDeployment(
      group: group, providerName: name, provider: draft, model: model,
      weight: parameters.number("weight", "rpm", "tpm"), order: parameters.number("order"),
      priceName: information["base_model"]?.scalar?.string,
      ownPrice: (price.0 ?? listed.0).flatMap { input in (price.1 ?? listed.1).map { input + $0 } },
      isEmbedding: mode == "embedding" || model.contains("text-embedding"))
  }

  private func provider(
    of written: String, _ parameters: LiteLLMMapping, place: String
  ) -> (name: String, provider: LiteLLMProvider, model: String)? {
    let said = parameters.setting("custom_llm_provider")?.value(environment)
    let parts = written.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2, said == nil || said == parts[0], let provider = LiteLLMProvider(named: parts[0]) {
      return (parts[0], provider, Self.model(parts[1], of: parts[0]))
    }
    if let name = said ?? LiteLLMProvider.name(ofBare: written), let provider = LiteLLMProvider(named: name) {
      return (name, provider, written)
    }
    if parameters["api_base"] != nil || parameters["base_url"] != nil,
      let provider = LiteLLMProvider(named: "openai_like")
    {
      notes.add("\(place): an unknown provider with an address: taken to speak as OpenAI does")
      return ("custom", provider, parts.last ?? written)
    }
    notes.add("\(place): left out: provider of \(LiteLLMNotes.shown(written)) is not known; give its api_base")
    return nil
  }

  /// A model's name without LiteLLM's words for its interface.
  private static func model(_ name: String, of provider: String) -> String {
    let routes = ["converse/", "invoke/", "responses/", "chat/", "converse_like/", "o_series/", "gpt5_series/"]
    guard let route = routes.first(where: name.hasPrefix) else { return name }
    return String(name.dropFirst(route.count))
  }

  private func noteRest(_ parameters: LiteLLMMapping) {
    for key in parameters.keys where !Self.known.contains(key) {
      notes.add("litellm_params.\(LiteLLMNotes.shown(key)): not carried over")
    }
  }
}
