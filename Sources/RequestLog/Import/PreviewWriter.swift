/// Keeps the first records as the lines that a log would hold, and forgets the others.
final class PreviewWriter: LogWriter {
  private let limit: Int
  private var encoder = RecordEncoder()
  private(set) var lines: [String] = []

  init(limit: Int) { self.limit = limit }

  func write(_ record: LogRecord) throws(LogError) {
    guard lines.count < limit else { return }
    lines.append(String(decoding: encoder.line(for: record), as: UTF8.self))
  }

  func finish() throws(LogError) {}
}
