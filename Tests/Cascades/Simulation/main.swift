import Evaluation
import Foundation
import Ockham

/// What cascades are worth on scored rows, and how often they keep what they guarantee:
///
///     simulate rows MODEL_FOLDER LOG.jsonl
///     simulate figures [NAME REPORT.json...]      without any, the table's head
///     simulate ROWS.jsonl report [SEED]
///     simulate ROWS.jsonl guarantee DRAWS GOAL ROWS [SEED]     GOAL is 0.97, or dollars per 1,000 requests as $2
///     simulate ROWS.jsonl own DRAWS GOAL ROWS [SEED]         the same, the path taken from the very rows that are tested
let arguments = CommandLine.arguments
if arguments[1] == "rows" {
  try TrainedRows(model: arguments[2]).write(log: arguments[3])
  exit(0)
}
if arguments[1] == "figures" {
  print(arguments.count < 4 ? Figures.header : try Figures(paths: Array(arguments[3...])).row(arguments[2]))
  exit(0)
}
let log = try scoredLog(arguments[1])
func argument(_ place: Int) -> String? { arguments.count > place ? arguments[place] : nil }

if arguments[2] == "report" {
  var options = EvaluationOptions(
    thresholds: Thresholds(increments: [Float](repeating: 0.1, count: log.tierCount - 1)), grouping: nil)
  options.bootstrap.seed = argument(3).flatMap(UInt64.init) ?? 1
  print(try EvaluationReport(log, options: options).json.text())
} else {
  let goal: ThresholdGoal =
    arguments[4].hasPrefix("$")
    ? .maximumCostPer1000(usd: Double(arguments[4].dropFirst()) ?? 1)
    : .targetQuality(fraction: Double(arguments[4]) ?? 0.97)
  var guarantee = Guarantee(log, seed: argument(6).flatMap(UInt64.init) ?? 1)
  try guarantee?.play(
    goal, rows: Int(arguments[5]) ?? 1_000, draws: Int(arguments[3]) ?? 1_000, isFixed: arguments[2] == "guarantee")
}
