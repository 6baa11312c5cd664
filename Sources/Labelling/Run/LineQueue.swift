import RequestLog

/// Works on the lines of a log: started in the order of the log, several at a time, handed on in the order of the log.
struct LineQueue<Value: Sendable> {
  let reader: RawLineReader
  /// Lines in work at a time, at least 1. One slow line holds back at most 16 times as many.
  let width: Int
  var onProgress: (@Sendable (LogProgress) -> Void)?
  var isCancelled: (@Sendable () -> Bool)?

  /// Reads to the end.
  /// - Parameters:
  ///   - work: what is done with a line, beside other lines.
  ///   - take: gets the result of each line, one at a time and in order.
  /// - Throws: the first error of either; nothing is started after it, and what is in flight is waited for, as it is paid
  ///   for.
  func run(
    _ work: @escaping @Sendable (RawLineReader.Line) async throws(LabelError) -> Value,
    take: (Value) throws(LabelError) -> Void
  ) async throws(LabelError) {
    var window = Window(queue: self)
    await withTaskGroup(of: Event.self) { group in
      if let isCancelled { group.addTask { await Self.watch(isCancelled) } }
      while true {
        while window.canStart, let (place, line) = window.nextLine() {
          group.addTask { .finished(await Self.finish(line, at: place, work)) }
        }
        guard window.isWorking else { return group.cancelAll() }
        switch await group.next() {
        case .finished(let finished): window.take(finished, take)
        case .stopped: window.fail(.cancelled)
        case .unneeded, nil: break
        }
        // Those that wait before another attempt need not.
        if window.failure != nil { group.cancelAll() }
      }
    }
    if let failure = window.failure { throw failure }
    precondition(window.isComplete, "a line was read and not handed on")
  }

  /// What the loop waits for.
  private enum Event: Sendable {
    case finished(Finished)
    /// Someone wants to stop.
    case stopped
    /// No one wanted to stop while there was work.
    case unneeded
  }

  /// Looks a few times a second whether someone wants to stop, also while all work waits for a server.
  private static func watch(_ isCancelled: @Sendable () -> Bool) async -> Event {
    while !Task.isCancelled {
      if isCancelled() { return .stopped }
      try? await Task.sleep(for: .milliseconds(200))
    }
    return .unneeded
  }

  private struct Finished: Sendable {
    let place: Int
    let result: Result<Value, LabelError>
  }

  private static func finish(
    _ line: RawLineReader.Line, at place: Int,
    _ work: @Sendable (RawLineReader.Line) async throws(LabelError) -> Value
  ) async -> Finished {
    do throws(LabelError) { return Finished(place: place, result: .success(try await work(line))) } catch {
      return Finished(place: place, result: .failure(error))
    }
  }

  /// Lines in work, and results that wait for those before them.
  private struct Window {
    let queue: LineQueue
    private(set) var failure: LabelError?
    private var started = 0
    private var finished = 0
    private var handedOn = 0
    private var waiting: [Int: Value] = [:]
    private var isAtEnd = false

    init(queue: LineQueue) { self.queue = queue }

    /// Whether every line that was started is handed on.
    var isComplete: Bool { isAtEnd && handedOn == started }

    /// Whether a line is in work.
    var isWorking: Bool { finished < started }

    mutating func fail(_ error: LabelError) { failure = failure ?? error }

    var canStart: Bool {
      failure == nil && !isAtEnd && started - finished < queue.width && (started - handedOn) / 16 < queue.width
    }

    mutating func nextLine() -> (place: Int, line: RawLineReader.Line)? {
      if queue.isCancelled?() == true {
        failure = .cancelled
        return nil
      }
      do throws(LogError) {
        guard let line = try queue.reader.next() else {
          isAtEnd = true
          return nil
        }
        queue.onProgress?(queue.reader.progress)
        started += 1
        return (started - 1, line)
      } catch {
        failure = .log(error)
        return nil
      }
    }

    mutating func take(_ next: Finished, _ take: (Value) throws(LabelError) -> Void) {
      finished += 1
      switch next.result {
      case .success(let value): waiting[next.place] = value
      case .failure(let error): failure = failure ?? error
      }
      while failure == nil, let value = waiting.removeValue(forKey: handedOn) {
        handedOn += 1
        do throws(LabelError) { try take(value) } catch { failure = error }
      }
    }
  }
}
