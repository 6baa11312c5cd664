import TextKit
import Ockham

/// A form of log that people have: its name, how its rows are recognised, and how one is read.
struct LogForm: Sendable {
  /// How sure a form is of its rows: a form of a lower kind counts only where none of a higher one knows the file.
  enum Kind: Int, Comparable, Sendable {
    /// Any rows in which something is asked somewhere.
    case any
    /// Any rows with fields of usual names.
    case plain
    /// Requests and responses of a known protocol.
    case general
    /// The export of one product or the files of one set.
    case preset

    static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  /// What makes rows parts of one record, also over several files.
  enum Joining: Sendable {
    /// Nothing: each row is a record.
    case none
    /// The id.
    case byID
    /// The id where rows share some; else the prompt, where other models answer it.
    case byIDOrPrompt
    /// The conversation, of which each row is a message.
    case byConversation
  }

  /// The name on the command line.
  let name: String
  /// What it is, for people.
  let title: String
  var kind = Kind.preset
  var joining = Joining.none
  /// Whether a row has the keys, of the types, that only this form has.
  let recognises: @Sendable (JSONNode) -> Bool
  /// The exchanges in a row; none where the row is skipped, which it then notes.
  let read: @Sendable (JSONNode, FormContext) throws(RecordViolation) -> [Exchange]
}

extension LogForm {
  /// All forms that are found by themselves, each a line here and a file of its own.
  static let all: [LogForm] = [
    .openAIStored, .openAIBatch, .responses, .chat, .anthropicLog, .anthropicBatch, .liteLLM, .liteLLMSpend,
    .langfuse, .langfuseTraces, .langSmith, .helicone, .portkey, .openPipe, .opik, .bedrock, .openTelemetry,
    .evaluationHarness, .arena, .lmsysChat,
    .shareGPT, .routerBench, .routeLLM, .preferences, .requestLog, .gateway, .messageRows, .longTable, .wideTable,
    .fields,
  ]
}
