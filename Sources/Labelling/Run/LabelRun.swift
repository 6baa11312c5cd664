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
      throw .nothingLabelled(path: inputPath, rejected: summary.rejected)
    }
    do throws(LogError) { try writer.finish() } catch { throw .log(error) }
    return summary
  }

  private func label(_ reader: RawLineReader, _ writer: RawLineWriter) async throws(LabelError) -> LabelSummary {
    var window = LineWindow(reader: reader, writer: writer, options: options)
    let labeller = LineLabeller(path: inputPath, method: method, options: options)
    let width = method.width
    await withTaskGroup(of: FinishedLine.self) { group in
      while true {
        while window.canStart(width: width), let start = window.nextLine() {
          group.addTask { await labeller.finish(start) }
        }
        guard let finished = await group.next() else { return }
        window.take(finished)
        // Those that wait before another attempt need not; calls on their way are waited for, as they are paid for.
        if window.failure != nil { group.cancelAll() }
      }
    }
    if let failure = window.failure { throw failure }
    precondition(window.isComplete, "a line was read and not written")
    return window.summary
  }
}

/// A line on its way to be labelled, and its place in the log, from 0.
struct StartedLine: Sendable {
  let place: Int
  let line: RawLineReader.Line
}

/// What came of it.
struct FinishedLine: Sendable {
  let place: Int
  let result: Result<LabelledLine, LabelError>
}

extension LineLabeller {
  /// Labels a line and keeps its place.
  fileprivate func finish(_ start: StartedLine) async -> FinishedLine {
    let place = start.place
    do throws(LabelError) {
      return FinishedLine(place: place, result: .success(try await label(start.line)))
    } catch {
      return FinishedLine(place: place, result: .failure(error))
    }
  }
}

/// Lines in work: started in the order of the log, finished in any, written in the order of the log.
private struct LineWindow {
  private(set) var summary = LabelSummary()
  /// What ends the run; nothing is started after it.
  private(set) var failure: LabelError?

  private let reader: RawLineReader
  private let writer: RawLineWriter
  private let options: LabelOptions
  private var started = 0
  private var finished = 0
  private var written = 0
  private var waiting: [Int: LabelledLine] = [:]
  private var isAtEnd = false

  init(reader: RawLineReader, writer: RawLineWriter, options: LabelOptions) {
    self.reader = reader
    self.writer = writer
    self.options = options
  }

  /// Whether every line that was started is written.
  var isComplete: Bool { isAtEnd && written == started }

  /// Whether another line may be started: one slow line holds back at most 16 · width lines.
  func canStart(width: Int) -> Bool {
    failure == nil && !isAtEnd && started - finished < width && started - written < 16 * width
  }

  mutating func nextLine() -> StartedLine? {
    if options.isCancelled?() == true {
      failure = .cancelled
      return nil
    }
    do throws(LogError) {
      guard let line = try reader.next() else {
        isAtEnd = true
        return nil
      }
      options.onProgress?(reader.progress)
      started += 1
      return StartedLine(place: started - 1, line: line)
    } catch {
      failure = .log(error)
      return nil
    }
  }

  mutating func take(_ finishedLine: FinishedLine) {
    finished += 1
    switch finishedLine.result {
    case .success(let line): waiting[finishedLine.place] = line
    case .failure(let error): failure = failure ?? error
    }
    while failure == nil, let line = waiting.removeValue(forKey: written) { write(line) }
  }

  private mutating func write(_ line: LabelledLine) {
    written += 1
    summary.add(line, options: options)
    if options.isStrict, let problem = line.problem {
      failure = .log(.rejected(problem))
      return
    }
    // A line too long to be held cannot be written again.
    guard !line.bytes.isEmpty else { return }
    do throws(LogError) { try writer.write(line.bytes) } catch { failure = .log(error) }
  }
}
