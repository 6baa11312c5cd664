import Evaluation
import Foundation
import Statistics

/// Scored requests whose outcomes are all known, as one JSON object a line.
struct ScoredRequest: Codable {
  let id: String
  let task: String?
  /// P(good) by tier, given the prompt [T].
  let prompt: [Float]
  /// P(good) of each tier's response and of each tier above, given that response [T − 1][T − t]; `null` without a score.
  let response: [[Float]?]
  /// The same by a check of form alone.
  let form: [[Float]?]?
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
  func scores(_ values: (ScoredRequest) -> [[Float]?]?) -> [Matrix<Float>?] {
    (0..<tiers - 1).map { tier in
      let unknown = [Float](repeating: .nan, count: tiers - tier)
      return Matrix(rows.flatMap { values($0)?[tier] ?? unknown }, columns: tiers - tier)
    }
  }
  return try ScoredLog(
    tierNames: (0..<tiers).map { "tier \($0)" }, origins: rows.map { RowOrigin(id: $0.id, dataset: $0.task ?? "") },
    promptBytes: rows.map { _ in 0 }, probability: Matrix(rows.flatMap(\.prompt), columns: tiers),
    quality: Matrix(rows.flatMap(\.quality), columns: tiers), cost: Matrix(rows.flatMap(\.cost), columns: tiers),
    responses: ResponseScores(
      probability: scores(\.response), form: rows.contains { $0.form != nil } ? scores(\.form) : nil))
}
