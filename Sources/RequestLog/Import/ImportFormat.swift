/// The forms of files that can be turned into a request log. The raw value is the name on the command line.
package enum ImportFormat: String, Sendable, Hashable, CaseIterable {
  /// RouteLLM's MMLU results: a CSV per subject, `prompt` and a True/False column per model.
  case routeLLMMMLU = "routellm-mmlu"
  /// RouteLLM's GSM8K results: as before, with the answers in columns `<model>_response`.
  case routeLLMGSM8K = "routellm-gsm8k"
  /// MMLU-Pro's outputs: a JSON file per model, unpacked.
  case mmluPro = "mmlu-pro"
  /// ZeroEval's results: `<task>/<model>.json`.
  case zeroEval = "zeroeval"
  /// LLMRouter's scores (`train.json`, `test.json`) with its query files (`*.jsonl`), which hold the task names.
  case llmRouter = "llmrouter"
  /// Any wide table with a header line.
  case csv
  /// Chat messages, one JSON object a line: fine-tuning files and the logs of gateways.
  case chatJSONL = "chat-jsonl"
}
