import ChatProtocols
import Foundation
import GRDB
import Ockham
import RequestLog

/// Turns traces and feedback into rows. Belongs to the writing queue.
struct TelemetryWriter {
  private var encoder = RecordEncoder()
  private var extraction: (extractor: FeatureExtractor, vector: FeatureVector)?

  /// Writes a batch; the caller has opened the transaction.
  mutating func write(_ batch: TelemetryQueue.Batch, _ settings: TelemetrySettings, into database: Database) throws {
    for entry in batch.entries {
      switch entry {
      case .trace(let trace): try write(trace, settings, into: database)
      case .feedback(let feedback): try Self.write(feedback, into: database)
      }
    }
    for used in batch.spending { try Self.write(used, into: database) }
  }

  /// An id that is written already, which only a client can bring about that names its own requests, is passed over.
  private mutating func write(_ trace: RequestTrace, _ settings: TelemetrySettings, into database: Database) throws {
    try database.cachedStatement(sql: Self.insertDecision).execute(arguments: Self.decision(trace))
    guard database.changesCount > 0 else { return }
    for (position, attempt) in trace.attempts.enumerated() {
      try database.cachedStatement(sql: Self.insertAttempt).execute(
        arguments: Self.attempt(attempt, position, of: trace))
    }
    guard settings.prompts != .none else { return }
    let request = settings.prompts == .full ? encoder.object(for: trace.request) : nil
    let features = settings.prompts == .features ? Data(features(of: trace.request, settings.featureOptions)) : nil
    try database.cachedStatement(sql: Self.insertRequest).execute(arguments: [
      trace.id, trace.key, request, features, Self.propensity(of: trace), Self.timestamp(trace.time),
    ])
    guard database.changesCount > 0 else { return }
    try Self.writeOutcomes(of: trace, into: database)
  }

  private mutating func features(of request: Request, _ options: FeatureOptions) -> [UInt8] {
    if extraction?.extractor.options != options {
      let extractor = FeatureExtractor(options: options)
      extraction = (extractor, extractor.makeVector())
    }
    guard let extractor = extraction?.extractor else { return [] }
    return StoredFeatures(request, extractor, using: &extraction!.vector).bytes
  }

  /// The tier that answered, with what its answer took; and tiers whose answers did not pass a cascade's check.
  private static func writeOutcomes(of trace: RequestTrace, into database: Database) throws {
    let statement = try database.cachedStatement(sql: insertOutcome)
    let own = trace.attempts.filter { !$0.isJudge }
    let answers = own.filter { $0.failure == nil } + own.filter { $0.failure == .rejected }
    for attempt in answers where !attempt.outcomeName.isEmpty {
      try statement.execute(arguments: [
        trace.id, attempt.outcomeName, notNegative(attempt.costUSD), attempt.usage.map { max(0, $0.outputTokens) },
        notNegative(attempt.latencyMilliseconds),
      ])
    }
    guard let name = trace.outcomeName else { return }
    try statement.execute(arguments: [
      trace.id, name, notNegative(trace.costUSD), trace.usage.map { max(0, $0.outputTokens) },
      notNegative(trace.latencyMilliseconds),
    ])
  }

  /// The last feedback is the quality of the outcome; all are kept.
  private static func write(_ feedback: Feedback, into database: Database) throws {
    try database.cachedStatement(sql: insertFeedback).execute(arguments: [
      feedback.requestID, feedback.quality, feedback.source, feedback.time,
    ])
    try database.cachedStatement(sql: updateQuality).execute(arguments: [
      feedback.quality, feedback.requestID, feedback.requestID,
    ])
  }

  private static func write(_ used: KeySpending, into database: Database) throws {
    try database.cachedStatement(sql: addSpend).execute(arguments: [
      used.key, used.day, used.requests, used.unpricedRequests, used.inputTokens, used.outputTokens, used.costUSD,
    ])
  }

  /// Deletes the oldest requests from before `time`, with all that belongs to them; returns how many.
  static func deleteRequests(before time: Double, limit: Int, from database: Database) throws -> Int {
    let oldest = "SELECT request_id FROM decisions WHERE time < ? ORDER BY time, request_id LIMIT ?"
    let columns = [
      ("outcomes", "request_id"), ("requests", "id"), ("feedback", "request_id"), ("attempts", "request_id"),
      ("decisions", "request_id"),
    ]
    for (table, column) in columns {
      let sql = "DELETE FROM \(table) WHERE \(column) IN (\(oldest))"
      try database.cachedStatement(sql: sql).execute(arguments: [time, limit])
    }
    return database.changesCount
  }
}

extension RequestTrace {
  /// The outcome's name in the log: the tier that answered, or the target where it stands outside the tiers.
  var outcomeName: String? { tier ?? target }
}

extension Attempt {
  var outcomeName: String { tier.isEmpty ? target : tier }
}
