import Foundation
import Ockham
import OckhamTraining
import RequestLog
import Workflow

/// Routes requests and prints the decisions, one a line, through a buffer.
struct DecisionWriter {
  private let router: Router
  private let selection: TierSelection
  private let format: RouteFormat
  private var text: DecisionText
  private let pool = WorkerPool(threads: ProcessInfo.processInfo.activeProcessorCount)
  private var buffer: [UInt8] = []
  private var isFirst = true

  /// - Throws: ``PolicyError``, which a selection of the model's own tiers does not lead to.
  init(model: Model, selection: TierSelection, format: RouteFormat) throws(PolicyError) {
    var policy = Policy(thresholds: model.thresholds)
    policy.usedTiers = selection.tiers
    router = try Router(model: model, policy: policy)
    self.selection = selection
    self.format = format
    text = DecisionText(router: router, selection: selection, format: format)
  }

  /// Routes one record, which may know its features alone, and prints the decision.
  ///
  /// - Throws: ``Failure`` when standard output takes no more.
  mutating func write(_ record: LogRecord) throws { try print([text.line(record)]) }

  /// The same for records: routed on all processors, printed in order.
  mutating func write(_ records: [LogRecord]) throws {
    let chunks = stride(from: 0, to: records.count, by: Self.chunkRecords).map {
      records[$0..<min($0 + Self.chunkRecords, records.count)]
    }
    let lines = ResultSlots<[UInt8]>(count: chunks.count)
    let (router, selection, format) = (router, selection, format)
    pool.forEach(chunks.count) { chunk in
      var text = DecisionText(router: router, selection: selection, format: format)
      lines.set(chunks[chunk].flatMap { text.line($0) }, at: chunk)
    }
    try print(lines.values)
  }

  private mutating func print(_ lines: [[UInt8]]) throws {
    if isFirst, format == .table, !lines.isEmpty { buffer += text.header }
    isFirst = isFirst && lines.isEmpty
    for part in lines { buffer += part }
    if buffer.count > 65_536 || StandardOutput.isTerminal { try finish() }
  }

  /// Prints what is still buffered.
  mutating func finish() throws {
    guard !buffer.isEmpty else { return }
    try StandardOutput.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private static let chunkRecords = 64
}
