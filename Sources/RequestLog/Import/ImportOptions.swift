/// How files are turned into a log.
package struct ImportOptions: Sendable {
  /// The dataset of all records; `nil` takes what the format knows.
  package var dataset: String?
  /// What models' tokens cost, by the name in the file. Costs are only worked out where the file counts tokens.
  package var prices: [String: TokenPrice] = [:]
  /// Other names for models: the name in the file → the name in the log.
  package var renames: [String: String] = [:]
  /// Whether the first bad row ends the import.
  package var isStrict = false
  /// The least share of a set's questions that a model must have answered to be taken in (`mmlu-pro`, `zeroeval`);
  /// `nil` takes the format's own: 0.95 and 1.
  package var minimumCoverage: Double?
  /// The columns of ``ImportFormat/csv``.
  package var columns = TableColumns()
  /// The fields of ``ImportFormat/chatJSONL``.
  package var chat = ChatFields()
  /// How scores become qualities, in forms that are found by themselves.
  package var ratings = RatingScale()
  /// The byte between fields of a table; `nil` takes what the header line has most of. ``TableColumns`` has its own.
  package var delimiter: UInt8?
  /// How many problems the summary keeps.
  package var keptProblems = 10
  /// Called when bytes have been read, on the reading thread.
  package var onProgress: (@Sendable (LogProgress) -> Void)?

  package init() {}

  /// The name that a model goes by in the log.
  func logName(of model: String) -> String { renames[model] ?? model }
}

/// Which columns of a wide table hold what.
package struct TableColumns: Sendable, Hashable {
  /// The request.
  package var prompt = "prompt"
  /// The record's id; `nil` numbers the rows from 0: `<file name>/<row>`.
  package var id: String?
  /// The dataset of each row.
  package var dataset: String?
  /// Model and column, in the order of the outcomes.
  package var quality: [NamedColumn] = []
  /// Model and column of costs in US dollars.
  package var cost: [NamedColumn] = []
  /// Model and column of the tokens of the request.
  package var inputTokens: [NamedColumn] = []
  /// Model and column of the tokens of the answer.
  package var outputTokens: [NamedColumn] = []
  /// The byte between fields.
  package var delimiter = UInt8(ascii: ",")

  package init() {}
}

/// A model and the column that holds something about it.
package struct NamedColumn: Sendable, Hashable {
  package var model: String
  package var column: String

  package init(model: String, column: String) {
    self.model = model
    self.column = column
  }

  /// Reads `MODEL=COLUMN`, cut at the first `=`; `nil` where a side is missing.
  package init?(_ text: String) {
    guard let cut = text.firstIndex(of: "="), cut > text.startIndex else { return nil }
    let column = text[text.index(after: cut)...]
    guard !column.isEmpty else { return nil }
    self.init(model: String(text[..<cut]), column: String(column))
  }
}

/// Where a chat line says what is not part of the request.
package struct ChatFields: Sendable, Hashable {
  /// The path of the answer's quality, such as `feedback.score`; `nil` where no one scored.
  package var quality: String?
  /// The path of the time the answer took, in milliseconds.
  package var latencyMilliseconds: String?
  /// The path of the answer's cost in US dollars; it wins over prices.
  package var costUSD: String?
  /// The model that answered, where a line does not say.
  package var model: String?
  /// The path of a prompt.
  package var promptField: String?
  /// The path of messages; it goes before ``promptField``.
  package var messagesField: String?
  /// The path of the answer: a text, a message or a response's body.
  package var responseField: String?
  /// The path of the model's name.
  package var modelField: String?
  /// The path of the id.
  package var idField: String?

  /// In place of a path: no one's scores are wanted.
  package static let none = "none"

  package init() {}
}
