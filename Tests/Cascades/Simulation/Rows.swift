import Evaluation
import Foundation
import Statistics

/// Scored requests whose outcomes are all known, as one JSON object a line.
struct ScoredRequest: Decodable {
  let id: String
  let task: String?
  /// P(good) by tier, given the prompt [T].
  let prompt: [Float]
  /// P(good) of each tier's response and of each tier above, given that response [T − 1][T − t]; `null` without a score.
  let response: [[Float]?]
  /// Whether each tier's response has the form that was demanded; `null` where unknown.
  let form: [Bool?]?
  let quality: [Double]
  let cost: [Double]
}

/// Reads a file of scored requests.
func scoredLog(_ path: String) throws -> ScoredLog {
  let decoder = JSONDecoder()
  let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
    try decoder.decode(ScoredRequest.self, from: Data($0.utf8))
  }
  let tiers = rows[0].prompt.count
  let scores = (0..<tiers - 1).map { tier in
    Matrix(
      rows.flatMap { $0.response[tier] ?? [Float](repeating: .nan, count: tiers - tier) }, columns: tiers - tier)
  }
  let form =
    rows.contains { $0.form != nil }
    ? Matrix(
      rows.flatMap { row in (0..<tiers - 1).map { row.form?[$0].map { $0 ? 1 : 0 } ?? Float.nan } }, columns: tiers - 1)
    : nil
  return try ScoredLog(
    tierNames: (0..<tiers).map { "tier \($0)" }, origins: rows.map { RowOrigin(id: $0.id, dataset: $0.task ?? "") },
    promptBytes: rows.map { _ in 0 }, probability: Matrix(rows.flatMap(\.prompt), columns: tiers),
    quality: Matrix(rows.flatMap(\.quality), columns: tiers), cost: Matrix(rows.flatMap(\.cost), columns: tiers),
    responses: ResponseScores(probability: scores, form: form))
}
