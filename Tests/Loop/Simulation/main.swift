import Evaluation
import Foundation
import Statistics

/// How often intervals from labels contain the true value, and how wide they are, over loops on a pool of scored rows whose outcomes are all
/// known: `simulate POOL LOOPS SHARE [SEED]`. A line of JSON per figure.
let arguments = CommandLine.arguments
let pool = try JSONDecoder().decode(Pool.self, from: Data(contentsOf: URL(filePath: arguments[1])))
let loops = Int(arguments[2]) ?? 1_000
let share = Double(arguments[3]) ?? 0.18
let seed = arguments.count > 4 ? UInt64(arguments[4]) ?? 1 : 1

let simulation = Simulation(pool: pool, loops: loops, share: share, seed: seed)
simulation.describe()
for (noise, gold) in [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1)] { simulation.fixedPeriod(noise: noise, goldRate: gold) }
for prediction in [Simulation.Prediction.nothing, .model] {
  simulation.fixedPeriod(noise: 0, goldRate: 0, prediction: prediction)
}
simulation.deciding()
simulation.compare()
simulation.others()
simulation.doubleDipping()
