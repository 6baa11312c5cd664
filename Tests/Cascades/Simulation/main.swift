import Evaluation
import Foundation
import Ockham

/// What cascades are worth on scored rows: `simulate ROWS.jsonl report [SEED]`.
let arguments = CommandLine.arguments
let log = try scoredLog(arguments[1])
let seed = arguments.count > 3 ? UInt64(arguments[3]) ?? 1 : 1
let thresholds = Thresholds(steps: [Float](repeating: 0.1, count: log.tierCount - 1))
var options = EvaluationOptions(thresholds: thresholds)
options.bootstrap.seed = seed
print(try EvaluationReport(log, options: options).text())
