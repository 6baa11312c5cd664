import TextKit
import Ockham

/// A form of log that people have: its name, how its rows are recognised, and how one is read.
struct LogForm: Sendable {
  /// How sure a form is of its rows: a form of a lower kind counts only where none of a higher one knows the file.
  enum Kind: Int, Comparable, Sendable {
    /// Any rows with fields of usual names.
    case plain
    /// Requests and responses of a known protocol.
    case general
    /// The export of one product or the files of one set.
    case preset

    static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  /// The name on the command line.
  let name: String
  /// What it is, for people.
  let title: String
  var kind = Kind.preset
  /// Whether rows of one id are parts of one record, also over several files.
  var isJoined = false
  /// Whether a row has the keys, of the types, that only this form has.
  let recognises: @Sendable (JSONNode) -> Bool
  /// The exchanges in a row; none where the row is passed over, which it then notes.
  let read: @Sendable (JSONNode, FormContext) throws(RecordViolation) -> [Exchange]
}

extension LogForm {
  /// All forms that are found by themselves, each a line here and a file of its own.
  static let all: [LogForm] = [
    .openAIStored, .openAIBatch, .responses, .chat, .anthropicLog, .anthropicBatch, .liteLLM, .liteLLMSpend,
    .langfuse, .helicone, .portkey, .openPipe, .openTelemetry, .evaluationHarness, .arena, .lmsysChat, .shareGPT,
    .routerBench, .gateway, .longTable, .wideTable,
  ]
}

/// What readers of rows share while a file is read.
final class FormContext {
  let options: ImportOptions
  let requests: RequestReading
  /// The file being read.
  var path = ""
  /// The line being read.
  var line = 0
  /// The first rows of the file.
  var sample: [JSONNode] = []
  private(set) var notes: [Note] = []
  /// The models that were met, as the files name them.
  var models: Set<String> = []

  /// Something that was left out, how often, and where first.
  struct Note {
    var sentence: String
    var count: Int
    var place: String
  }

  init(options: ImportOptions) throws(ImportError) {
    guard let requests = RequestReading() else { throw .log(.outOfMemory(path: "-", byteCount: 1 << 16)) }
    self.options = options
    self.requests = requests
  }

  /// Counts something that is left out.
  func note(_ sentence: String) {
    if let known = notes.firstIndex(where: { $0.sentence == sentence }) {
      notes[known].count += 1
    } else if notes.count < 100 {
      notes.append(Note(sentence: sentence, count: 1, place: "\(path):\(line)"))
    }
  }

  /// A row with a body that was sent and one that came back.
  func exchange(request: JSONNode, response: JSONNode?) throws(RecordViolation) -> Exchange {
    let reply = Reply(response)
    var exchange = Exchange(request: try requests.request(request), time: reply.created)
    var answer = Exchange.Answer(reply)
    answer.model = reply.model ?? request.label("model")
    exchange.answers = [answer]
    if answer.said == nil, response?.field("error") != nil { note("answer is an error: no outcome") }
    return exchange
  }
}
