import RequestLog

/// A log to label: read, label, write.
package struct LabelRun: Sendable {
  package var inputPath: String
  package var outputPath: String
  package var method: LabelMethod
  package var options: LabelOptions

  package init(inputPath: String, outputPath: String, method: LabelMethod, options: LabelOptions = LabelOptions()) {
    self.inputPath = inputPath
    self.outputPath = outputPath
    self.method = method
    self.options = options
  }

  /// Labels the log. Lines keep their order and every byte but the qualities; bad lines are kept as they are.
  ///
  /// The output appears under its name when all of it is on the disk. Memory: the lines in work.
  /// - Throws: ``LabelError``; the output is then what it was.
  package func run() async throws(LabelError) -> LabelSummary {
    let reader: RawLineReader
    let writer: RawLineWriter
    do throws(LogError) {
      reader = try RawLineReader(path: inputPath)
      writer = try RawLineWriter(path: outputPath)
    } catch { throw .log(error) }
    let summary = try await label(reader, writer)
    guard summary.labelledRecords > 0 else {
      throw .nothingLabelled(path: inputPath, rejected: summary.rejected, problems: summary.problems)
    }
    do throws(LogError) { try writer.finish() } catch { throw .log(error) }
    return summary
  }

  private func label(_ reader: RawLineReader, _ writer: RawLineWriter) async throws(LabelError) -> LabelSummary {
    let labeller = LineLabeller(path: inputPath, method: method, options: options)
    let queue = LineQueue<LabelledLine>(
      reader: reader, width: method.width, onProgress: options.onProgress, isCancelled: options.isCancelled)
    var summary = LabelSummary()
    try await queue.run { line throws(LabelError) in
      try await labeller.label(line)
    } take: { line throws(LabelError) in
      summary.add(line, options: options)
      if options.isStrict, let problem = line.problem { throw .log(.rejected(problem)) }
      // A line too long to be held cannot be written again.
      guard !line.bytes.isEmpty else { return }
      do throws(LogError) { try writer.write(line.bytes) } catch { throw .log(error) }
    }
    return summary
  }
}
