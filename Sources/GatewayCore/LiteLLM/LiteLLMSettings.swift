import Yams

/// What LiteLLM's configuration says beside its models.
struct LiteLLMSettings {
  /// Tries of one target within one request.
  var attempts: Int?
  var totalSeconds: Double?
  var baseMilliseconds: Double?
  var cooldownSeconds: Double?
  /// Who must be asked for, and where that key is.
  var masterKey: LiteLLMSetting?
  var hasFallbacks = false

  private let notes: LiteLLMNotes

  /// Settings that hold here anyway, or that say nothing about what is served.
  private static let idle: Set<String> = [
    "drop_params", "set_verbose", "json_logs", "telemetry", "enable_pre_call_checks", "turn_off_message_logging",
    "redact_user_api_key_info", "disable_hf_tokenizer_download", "model_group_retry_policy",
  ]

  init(_ root: LiteLLMMapping, notes: LiteLLMNotes) {
    self.notes = notes
    read("litellm_settings", LiteLLMMapping(root["litellm_settings"]))
    read("router_settings", LiteLLMMapping(root["router_settings"]))
    for key in LiteLLMMapping(root["general_settings"]).keys where key != "master_key" {
      notes.add("general_settings.\(LiteLLMNotes.shown(key)): not carried over")
    }
    masterKey = LiteLLMMapping(root["general_settings"]).setting("master_key")
    if root["environment_variables"] != nil {
      notes.add("environment_variables: not copied: set them in the environment of the gateway")
    }
    let known: Set<String> = [
      "model_list", "litellm_settings", "router_settings", "general_settings", "environment_variables",
    ]
    for key in root.keys where !known.contains(key) { notes.add("\(LiteLLMNotes.shown(key)): not carried over") }
  }

  private mutating func read(_ section: String, _ map: LiteLLMMapping) {
    for key in map.keys where !Self.idle.contains(key) {
      switch key {
      case "num_retries": attempts = map.number(key).map { min(10, Int(min($0, 100)) + 1) } ?? attempts
      case "request_timeout", "timeout": totalSeconds = map.number(key).flatMap { $0 > 0 ? $0 : nil } ?? totalSeconds
      case "retry_after": baseMilliseconds = map.number(key).map { min($0 * 1000, 60_000) } ?? baseMilliseconds
      case "cooldown_time":
        cooldownSeconds = map.number(key).flatMap { $0 > 0 ? min($0, 86_400) : nil } ?? cooldownSeconds
      case "allowed_fails": notes.add("allowed_fails: the share of failures opens the breaker here; see breaker")
      case "routing_strategy": readStrategy(map[key]?.scalar?.string ?? "")
      case "fallbacks", "default_fallbacks":
        hasFallbacks = true
        notes.add("\(key): once every target of a tier failed, the next tiers up are tried; other ways are not kept")
      case "context_window_fallbacks":
        notes.add("context_window_fallbacks: nothing to carry: what is too long goes to a target with a larger window")
      case "content_policy_fallbacks":
        notes.add("content_policy_fallbacks: not carried over: a request that is blocked ends")
      case "model_group_alias":
        notes.add("model_group_alias: not carried over: clients ask for a tier, a target or a model by its own name")
      default: notes.add("\(section).\(LiteLLMNotes.shown(key)): not carried over")
      }
    }
  }

  private mutating func readStrategy(_ name: String) {
    guard name != "simple-shuffle" else { return }
    notes.add(
      "routing_strategy \(LiteLLMNotes.shown(name)): not carried over: targets of a tier share its requests by weight")
  }
}
