import TextKit
import Ockham

/// What readers of rows share while a file is read.
final class FormContext {
  let options: ImportOptions
  let requests: RequestReading
  /// The file being read.
  var path = ""
  /// The line being read.
  var line = 0
  /// The number of the row being read, from 0.
  var row = 0
  /// The first rows of the file.
  var sample: [JSONNode] = [] { didSet { (knownMap, knownCommas) = (nil, nil) } }
  /// The models that were met, as the files name them.
  var models: Set<String> = []
  /// Scores that are marks on another scale than 0 to 1.
  var marks = MarksSeen()
  /// Scores that are words no one knows.
  var unreadScores = UnreadScores()
  private(set) var remarks = LogRemarks()
  /// Rows in which a field that the caller named was looked for, and found, by the option.
  private var looks: [String: (found: Int, missing: Int)] = [:]
  private var knownMap: FieldMap?
  private var knownCommas: Bool?
  /// Reads rows that follow the log's own schema; `nil` where there is no memory for it.
  lazy var logRows = JSONDocument(maximumBytes: 64 << 20)
  /// For trial readings: see ``KeyUse``.
  var spare: FormContext?

  init(options: ImportOptions) throws(ImportError) {
    guard let requests = RequestReading() else { throw .log(.outOfMemory(path: "-", byteCount: 1 << 16)) }
    self.options = options
    self.requests = requests
    requests.note = { [unowned self] in self.note($0) }
  }

  /// Which fields of the file hold what.
  var map: FieldMap {
    if let knownMap { return knownMap }
    let map = FieldMap(sample, options: options)
    knownMap = map
    return map
  }

  /// Whether the file's numbers have decimal commas.
  var writesDecimalCommas: Bool {
    if let knownCommas { return knownCommas }
    let commas = findDecimalCommas()
    knownCommas = commas
    return commas
  }

  /// The fields that were taken for something, where they were looked for.
  var mapSentence: String? { knownMap?.sentence }

  /// Counts something that is left out.
  func note(_ sentence: String) { remarks.note(sentence, at: LogPlace(path: path, position: .line(line))) }

  /// Counts something that happened to several rows.
  func noteTogether(_ sentence: String, count: Int) {
    remarks.add([LogRemark(sentence: sentence, count: count, place: "\(path):\(line)")])
  }

  /// The value of a field that the caller named, as it is; rows without it are counted.
  func named(_ option: String, _ path: String, in row: JSONNode) -> JSONNode? {
    let value = row.raw(path)
    var look = looks[option] ?? (0, 0)
    if value == nil { look.missing += 1 } else { look.found += 1 }
    looks[option] = look
    if value == nil { note("row without the field of \(option)") }
    return value
  }

  /// A sentence for each option whose field no row has.
  var unmatched: [String] {
    looks.filter { $0.value.found == 0 }.keys.sorted().map { option in
      let keys = sample.first?.members?.map { ImportError.header($0.key) }.prefix(20).joined(separator: ", ") ?? "none"
      return "\(option): no row has that field; the first row has \(keys)"
    }
  }

  /// A row with a body that was sent and one that came back.
  func exchange(request: JSONNode, response: JSONNode?) throws(RecordViolation) -> Exchange {
    let reply = Reply(response)
    if reply.choices > 1 { note("answer with several choices: the first counts") }
    var exchange = Exchange(request: try requests.request(request), time: reply.created)
    var answer = Exchange.Answer(reply)
    answer.model = reply.model ?? request.label("model", "modelId", "model_id")
    exchange.answers = [answer]
    exchange.isFailed = response?.unfolded.failed(hasAnswer: answer.said != nil) ?? false
    return exchange
  }

  /// The score of a row: what --quality-field names, else the first of the usual names.
  func rating(_ row: JSONNode) -> JSONNode? {
    guard let path = options.chat.quality else { return row.usualRating }
    return path == ChatFields.none ? nil : named("--quality-field", path, in: row)
  }

  /// As ``rating(_:)``, with `own` in place of the usual names.
  func rating(_ row: JSONNode, or own: @autoclosure () -> JSONNode?) -> JSONNode? {
    options.chat.quality == nil ? own() : rating(row)
  }
}
