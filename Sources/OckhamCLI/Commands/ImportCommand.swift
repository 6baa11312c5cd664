import ArgumentParser
import Foundation
import RequestLog
import TextKit

/// `ockham import`: turn public sets and everyday files into a request log.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn logs, tables and public sets into a request log.",
    discussion: """
      Example:

        ockham import export.jsonl --output log.jsonl
        ockham import batch_input.jsonl batch_output.jsonl --output log.jsonl
        ockham import export.jsonl --preview
        ockham import calls.json --output log.jsonl \\
          --messages-field request.messages --model-field route.model \\
          --response-field "choices[0].message.content" \\
          --quality-field user.stars --quality-range 1..5
        ockham import long.csv --output log.jsonl --quality-map up=1,down=0
        ockham import results.csv --output log.jsonl \\
          --quality small=mini_ok --quality frontier=big_ok
        ockham import responses/*.csv --format routellm-mmlu --output mmlu.jsonl

      The form is found by the keys of the rows and what they hold, never by the file's name; --format says it where two \
      fit. All files of one call have one form. JSON lines, JSON over several lines, JSON lists and tables are read, also \
      gzip'd. The log is SQLite where its name ends in .sqlite or .db.

      Of other rows, fields are found by usual names, at any depth, and standard error says which became what; \
      --prompt-field and its kin name them. A path has dots and indices: choices[0].message.content. Tables may have a \
      row per model, joined by id or prompt, or columns per model (m1_score, "Score m1", m1 (cost)).

      Found by themselves: \(Self.names(of: Self.found)). By --format only: routellm-mmlu, routellm-gsm8k, mmlu-pro \
      (unpacked), zeroeval (TASK/MODEL.json), llmrouter (train.json, test.json and the query files), csv (a wide table \
      whose columns --quality names).

      Scores: 0…1, true and false, percentages, fractions, usual words; --quality-range and --quality-map for others.

      What a file does not say stays unknown, and what is left out is said with a count. Costs are worked out only where \
      tokens are counted and a --price is given.
      """)

  @Argument(help: "The files; - reads standard input.", completion: .file())
  var files: [String]

  @Option(help: "The form of the files; auto finds it.")
  var format = "auto"

  @Flag(help: "Print the first three records as they would be written, and write nothing.")
  var preview = false

  @Option(help: "The log to write.", completion: .file())
  var output: String?

  @Option(help: "The dataset of all records; by default what the format knows.")
  var dataset: String?

  @Option(
    help: ArgumentHelp("What a model's tokens cost, in USD per million; repeat.", valueName: "model=input,output"))
  var price: [String] = []

  @Option(help: ArgumentHelp("Another name for a model; repeat.", valueName: "old=new"))
  var rename: [String] = []

  @Option(help: "Leave out models that answered less than this share of a set (mmlu-pro: 0.95, zeroeval: 1).")
  var minimumCoverage: Double?

  @OptionGroup(title: "Options of csv") var table: TableArguments
  @OptionGroup(title: "Fields of rows") var chat: ChatArguments
  @OptionGroup(title: "Scores") var ratings: RatingArguments

  @Flag(help: "Stop at the first bad row instead of reporting and skipping it.")
  var strict = false

  func validate() throws {
    if output == nil, !preview { throw ValidationError("expected --output LOG, or --preview, found neither; add one") }
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: files)
      let progress = ProgressLine()
      defer { progress.finish() }
      let source = try source()
      progress.begin("importing", unit: "B", total: nil)
      let log = LogImport(format: source.format, files: source.files, options: try options(progress))
      guard let output, !preview else { return try show(log, progress) }
      let summary = try log.run(writingTo: output)
      progress.finish()
      try summary.report()
      StandardError.write("wrote \(output)\n")
      NextStep.say(next(summary, output))
    }
  }

  private func next(_ summary: ImportSummary, _ output: String) -> NextStep {
    if summary.outcomes.isEmpty { return .ask(log: output) }
    return summary.qualities == 0 ? .label(log: output) : .train(log: output, tiers: summary.statistics.suggestedTiers)
  }

  private func show(_ log: LogImport, _ progress: ProgressLine) throws {
    let (lines, summary) = try log.preview()
    progress.finish()
    for line in lines { try StandardOutput.write(line, as: .json) }
    try summary.report()
  }

  /// The form, and the files that have it.
  private func source() throws(ImportError) -> (format: ImportFormat, files: ImportFiles) {
    var (name, paths) = (format, files)
    if name == "auto", paths.count > 1, ImportFormat(rawValue: paths[0]) != nil || paths[0] == "auto",
      !FileManager.default.fileExists(atPath: paths[0])
    {
      name = paths.removeFirst()
      StandardError.write(
        "ockham: warning: the form goes into --format \(name); as an argument it is taken for one version\n")
    }
    if name == "auto", !table.quality.isEmpty { name = "csv" }
    if name == "auto", chat.promptField != nil || chat.messagesField != nil { name = ImportFormat.fields.rawValue }
    let files = ImportFiles(paths)
    if name == "auto" {
      let found = try FormDetection(files)
      for sentence in found.sentences { StandardError.write("\(SafeText.visible(sentence))\n") }
      return (found.format, files)
    }
    guard let known = ImportFormat(rawValue: name) else {
      throw .badOption(
        name: "--format", expected: "auto or one of " + Self.names(of: ImportFormat.allCases), found: "another text")
    }
    return (known, files)
  }

  private static let found = ImportFormat.allCases.filter(\.isFound)

  private static func names(of formats: [ImportFormat]) -> String {
    formats.map(\.rawValue).joined(separator: ", ")
  }

  private func options(_ progress: ProgressLine) throws(ImportError) -> ImportOptions {
    var options = ImportOptions()
    options.dataset = dataset
    options.isStrict = strict
    options.minimumCoverage = minimumCoverage
    for text in price {
      guard let pair = NamedColumn(text), let cost = TokenPrice(pair.column) else {
        throw .badOption(
          name: "--price", expected: "MODEL=INPUT,OUTPUT in USD per million tokens", found: "another text")
      }
      options.prices[pair.model] = cost
    }
    for pair in try Self.pairs(rename, option: "--rename") { options.renames[pair.model] = pair.column }
    options.columns = try table.columns()
    options.chat = chat.fields
    options.ratings = try ratings.scale()
    if table.delimiter != "," { options.delimiter = options.columns.delimiter }
    options.onProgress = { progress.set(done: Double($0.bytesRead), total: $0.totalBytes.map(Double.init)) }
    return options
  }

  static func pairs(_ texts: [String], option: String) throws(ImportError) -> [NamedColumn] {
    var pairs: [NamedColumn] = []
    for text in texts {
      guard let pair = NamedColumn(text) else {
        throw .badOption(name: option, expected: "a name, = and another", found: "another text")
      }
      pairs.append(pair)
    }
    return pairs
  }
}

/// Which columns of a table hold what.
struct TableArguments: ParsableArguments {
  @Option(name: .customLong("prompt"), help: ArgumentHelp("The column of the request.", valueName: "column"))
  var prompt = "prompt"

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("The column of the id; by default rows are numbered.", valueName: "column"))
  var id: String?

  @Option(help: ArgumentHelp("The column of the dataset.", valueName: "column"))
  var datasetColumn: String?

  @Option(help: ArgumentHelp("Quality: 0, 1, true, false or a number between; repeat.", valueName: "model=column"))
  var quality: [String] = []

  @Option(help: ArgumentHelp("Cost in USD; repeat.", valueName: "model=column"))
  var cost: [String] = []

  @Option(help: ArgumentHelp("Tokens of the request, for --price; repeat.", valueName: "model=column"))
  var inputTokens: [String] = []

  @Option(help: ArgumentHelp("Tokens of the answer; repeat.", valueName: "model=column"))
  var outputTokens: [String] = []

  @Option(help: "The character between fields: , ; | or tab.")
  var delimiter = ","

  func columns() throws(ImportError) -> TableColumns {
    var columns = TableColumns()
    columns.prompt = prompt
    columns.id = id
    columns.dataset = datasetColumn
    columns.quality = try ImportCommand.pairs(quality, option: "--quality")
    columns.cost = try ImportCommand.pairs(cost, option: "--cost")
    columns.inputTokens = try ImportCommand.pairs(inputTokens, option: "--input-tokens")
    columns.outputTokens = try ImportCommand.pairs(outputTokens, option: "--output-tokens")
    let byte = ["tab", "\\t"].contains(delimiter) ? 9 : delimiter.utf8.count == 1 ? delimiter.utf8.first : nil
    guard let byte, byte < 0x80, ![0x0A, 0x0D, UInt8(ascii: "\"")].contains(byte) else {
      throw .badOption(name: "--delimiter", expected: "one ASCII character or tab", found: "another text")
    }
    columns.delimiter = byte
    return columns
  }
}

extension ImportSummary {
  /// Prints the counts; problems and notes go to standard error.
  func report() throws {
    log.reportProblems()
    for note in notes { StandardError.write("\(SafeText.visible(note))\n") }
    var table = TextTable(["model", "outcomes"])
    for (model, count) in outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      table.append([model, NumberFormat.count(count)])
    }
    let counts =
      "\(NumberFormat.count(log.records)) records, \(NumberFormat.count(log.rejectedCount)) rejected rows, "
      + "\(NumberFormat.count(datasets.count)) datasets"
    try StandardOutput.write(outcomes.isEmpty ? counts : "\(counts)\n\n\(table.text())")
  }
}
