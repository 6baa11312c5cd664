import ArgumentParser
import Foundation
import RequestLog
import TextKit

/// `ockham import`: turn public sets and everyday files into a request log.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn public sets, tables and chat logs into a request log.",
    discussion: """
      Example:

        ockham import csv results.csv --output log.jsonl \\
          --quality small=mini_ok --quality frontier=big_ok
        ockham import chat-jsonl gateway.jsonl --output log.sqlite \\
          --quality-field feedback.score
        ockham import routellm-mmlu responses/*.csv --output mmlu.jsonl

      Formats: routellm-mmlu, routellm-gsm8k, mmlu-pro (unpacked), zeroeval (TASK/MODEL.json), llmrouter (train.json, \
      test.json and the query files), csv (a wide table with a header line), chat-jsonl (fine-tuning files, and gateway \
      logs with request and response objects). Files may be gzip'd. The log is SQLite where its name ends in .sqlite or \
      .db.

      What a file does not say stays unknown. Costs are worked out only where tokens are counted and a --price is given.
      """)

  @Argument(help: "The form of the files.")
  var format: ImportFormat

  @Argument(help: "The files; - reads standard input (csv and chat-jsonl).", completion: .file())
  var files: [String]

  @Option(help: "The log to write.", completion: .file())
  var output: String

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
  @OptionGroup(title: "Options of chat-jsonl") var chat: ChatArguments

  @Flag(help: "Stop at the first bad row instead of reporting and skipping it.")
  var strict = false

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: files)
      let progress = ProgressLine()
      progress.begin("importing", unit: "B", total: nil)
      let summary: ImportSummary
      do throws(ImportError) {
        let options = try options(progress)
        summary = try LogImport(format: format, paths: files, options: options).run(writingTo: output)
      } catch {
        progress.finish()
        throw Failure(message: "\(error)", code: ExitCode(error.exitStatus))
      }
      progress.finish()
      summary.report()
      StandardError.write("wrote \(output)\n")
    }
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

extension ImportFormat: ExpressibleByArgument {}

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

/// Which fields of a chat line hold what.
struct ChatArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The field of the quality, such as feedback.score.", valueName: "path"))
  var qualityField: String?

  @Option(help: ArgumentHelp("The field of the cost in USD.", valueName: "path"))
  var costField: String?

  @Option(help: ArgumentHelp("The field of the latency in milliseconds.", valueName: "path"))
  var latencyField: String?

  @Option(help: ArgumentHelp("The model that answered, where a line does not say.", valueName: "name"))
  var model: String?

  var fields: ChatFields {
    var fields = ChatFields()
    fields.quality = qualityField
    fields.costUSD = costField
    fields.latencyMilliseconds = latencyField
    fields.model = model
    return fields
  }
}

extension ImportSummary {
  /// Prints the counts; problems and notes go to standard error.
  func report() {
    log.reportProblems()
    for note in notes { StandardError.write("\(note)\n") }
    var table = TextTable(["model", "outcomes"])
    for (model, count) in outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      table.append([model, NumberFormat.count(count)])
    }
    print(
      "\(NumberFormat.count(log.records)) records, \(NumberFormat.count(log.rejectedCount)) rejected rows, ",
      terminator: ""
    )
    print("\(NumberFormat.count(datasets.count)) datasets")
    if !outcomes.isEmpty { print("\n\(table.text())") }
  }
}
