/// Files to turn into one request log.
package struct LogImport {
  /// The form of the files.
  package var format: ImportFormat
  /// The files, in the order that their records are written.
  package var paths: [String]
  /// How they are read.
  package var options: ImportOptions
  private let files: ImportFiles

  package init(format: ImportFormat, paths: [String], options: ImportOptions = ImportOptions()) {
    self.init(format: format, files: ImportFiles(paths), options: options)
  }

  /// - Parameter files: the files that ``FormDetection`` has looked at, so that standard input is not lost.
  package init(format: ImportFormat, files: ImportFiles, options: ImportOptions = ImportOptions()) {
    self.format = format
    self.files = files
    paths = files.paths
    self.options = options
  }

  /// Reads the files and writes the log at `outputPath`: SQLite where the name ends in `.sqlite` or `.db`, JSON lines
  /// otherwise. The log appears under its name when all of it is on the disk.
  ///
  /// Tables and lines are read record by record, in constant memory but for 16 bytes an id. Sets with a file per model
  /// (`mmlu-pro`, `zeroeval`) keep the prompts and outcomes until all files are read.
  /// - Throws: ``ImportError``; the log at `outputPath` is then what it was.
  package func run(writingTo outputPath: String) throws(ImportError) -> ImportSummary {
    try checkOptions()
    let total = try totalBytes()
    let sink = ImportSink(
      writer: try Self.writer(outputPath), outputPath: outputPath, options: options, totalBytes: total,
      idsMayRepeat: !Self.isDatabase(outputPath))
    return try run(into: sink)
  }

  /// Reads the files and keeps the first records, as they would be written.
  package func preview(count: Int = 3) throws(ImportError) -> (lines: [String], summary: ImportSummary) {
    try checkOptions()
    let preview = PreviewWriter(limit: count)
    let sink = ImportSink(writer: preview, outputPath: "preview", options: options, totalBytes: try totalBytes())
    let summary = try run(into: sink)
    return (preview.lines, summary)
  }

  private func run(into sink: ImportSink) throws(ImportError) -> ImportSummary {
    var reader = try makeReader()
    for path in reader.readingOrder(paths) {
      let input = try files.open(path)
      try reader.read(input, into: sink)
      sink.finishFile(input)
    }
    try reader.finish(into: sink, paths: paths)
    if format.form == nil {
      let names = sink.summary.outcomes
      sink.noteUnmatched(options) { names[options.logName(of: $0)] != nil }
    }
    try sink.finish(paths: paths)
    return sink.summary
  }

  private func makeReader() throws(ImportError) -> any ImportReader {
    if let form = format.form { return try FormReader(form: form, options: options) }
    return switch format {
    case .routeLLMMMLU: RouteLLMReader(dataset: nil, options: options)
    case .routeLLMGSM8K: RouteLLMReader(dataset: "gsm8k", options: options)
    case .mmluPro: MMLUProReader(options: options)
    case .zeroEval: ZeroEvalReader(options: options)
    case .llmRouter: LLMRouterReader(options: options)
    case .csv: TableReader(options: options)
    default: ChatReader(options: options)
    }
  }

  private func checkOptions() throws(ImportError) {
    if paths.isEmpty { throw .log(.noPaths) }
    if paths.contains("-"), format != .csv, format != .chatJSONL, format.form == nil {
      throw .needsFile(format: format)
    }
    if let share = options.minimumCoverage, !(share > 0 && share <= 1) {
      throw .badOption(name: "--minimum-coverage", expected: "a number above 0, at most 1", found: share.description)
    }
    if format == .csv, options.columns.quality.isEmpty {
      throw .badOption(name: "--quality", expected: "MODEL=COLUMN at least once", found: "none")
    }
  }

  private func totalBytes() throws(ImportError) -> Int? {
    var total: Int? = 0
    for path in paths {
      let size: Int?
      do throws(LogError) { size = path == "-" ? nil : try FileInput.checkedSize(path: path) } catch {
        throw .log(error)
      }
      total = total.flatMap { sum in size.map { sum + $0 } }
    }
    return total
  }

  private static func writer(_ path: String) throws(ImportError) -> any LogWriter {
    do throws(LogError) {
      return isDatabase(path) ? try SQLiteWriter(path: path) : try JSONLWriter(path: path)
    } catch { throw .log(error) }
  }

  private static func isDatabase(_ path: String) -> Bool { path.hasSuffix(".sqlite") || path.hasSuffix(".db") }

  /// Opens a plain or gzip'd file.
  static func open(_ path: String) throws(ImportError) -> any ByteInput {
    do throws(LogError) {
      let input = try FileInput(path: path)
      switch LogFormat(head: input.head) {
      case .gzip: return try GzipInput(input)
      case .jsonLines: return input
      case .other where [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(input.head.prefix(2))): return UTF16Input(input)
      case .sqlite: throw .notALog(path: path, found: "a SQLite database", remedy: "it may be a log already")
      case .other(let found, let remedy): throw .notALog(path: path, found: found, remedy: remedy)
      }
    } catch { throw .log(error) }
  }
}

/// Reads the files of one form.
protocol ImportReader {
  /// Reads one file to its end.
  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError)

  /// Writes what had to wait for the last file.
  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError)

  /// The order in which the files are read.
  func readingOrder(_ paths: [String]) -> [String]
}

extension ImportReader {
  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError) {}
  func readingOrder(_ paths: [String]) -> [String] { paths }
}

/// Parts of a path that name sets and models.
enum PathName {
  /// The file's name without folder and last extension (`.gz` goes as well): `a/b.csv.gz` → `b`.
  static func stem(_ path: String) -> String {
    var name = name(path)
    if name.hasSuffix(".gz") { name.removeLast(3) }
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// The file's name without its folder; `stdin` for standard input.
  static func name(_ path: String) -> String {
    path == "-" ? "stdin" : path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The name of the folder that the file is in; `nil` where the path has none.
  static func folder(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 1 ? String(parts[parts.count - 2]) : nil
  }
}
