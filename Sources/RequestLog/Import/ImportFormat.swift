/// The forms of files that can be turned into a request log. The raw value is the name on the command line.
package struct ImportFormat: RawRepresentable, Sendable, Hashable, CaseIterable {
  package let rawValue: String

  private init(_ name: String) { rawValue = name }

  init(_ form: LogForm) { rawValue = form.name }

  /// The form of that name; `nil` where there is none.
  package init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }

  /// RouteLLM's MMLU results: a CSV per subject, `prompt` and a True/False column per model.
  package static let routeLLMMMLU = ImportFormat("routellm-mmlu")
  /// RouteLLM's GSM8K results: as before, with the answers in columns `<model>_response`.
  package static let routeLLMGSM8K = ImportFormat("routellm-gsm8k")
  /// MMLU-Pro's outputs: a JSON file per model, unpacked.
  package static let mmluPro = ImportFormat("mmlu-pro")
  /// ZeroEval's results: `<task>/<model>.json`.
  package static let zeroEval = ImportFormat("zeroeval")
  /// LLMRouter's scores (`train.json`, `test.json`) with its query files (`*.jsonl`), which hold the task names.
  package static let llmRouter = ImportFormat("llmrouter")
  /// Any wide table with a header line.
  package static let csv = ImportFormat("csv")
  /// Rows whose fields the caller names.
  package static let fields = ImportFormat(LogForm.fields)
  /// Chat messages, one JSON object a line: fine-tuning files and the logs of gateways.
  package static let chatJSONL = ImportFormat("chat-jsonl")

  /// The sets and the forms with options of their own, then those that are found by themselves.
  package static let allCases: [ImportFormat] = {
    let named = [routeLLMMMLU, routeLLMGSM8K, mmluPro, zeroEval, llmRouter, csv, chatJSONL]
    return named + LogForm.all.map { ImportFormat($0) }
  }()

  /// Whether files of this form are known by their rows.
  package var isFound: Bool { LogForm.all.contains { $0.name == rawValue } }

  /// The form that reads row by row; `nil` for those with a reader of their own.
  var form: LogForm? { LogForm.all.first { $0.name == rawValue } }
}
