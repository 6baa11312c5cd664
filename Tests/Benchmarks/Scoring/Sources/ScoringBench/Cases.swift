import Glibc
import Ockham

/// One row of the table: a part of a decision over a set of requests with one model.
final class BenchCase {
  let model: String
  let part: Part
  let kind: TextKind
  let byteCount: Int
  /// How many different prompts take turns; with 1 the processor soon knows every branch.
  let promptCount: Int
  private(set) var timing = Timing()
  let prompts: [String]
  private let runner: PartRunner
  private let inputs: [Input]
  private let passes: Int

  init(_ named: NamedModel, _ part: Part, _ kind: TextKind, byteCount: Int, promptCount: Int) {
    (model, self.part, self.kind, self.byteCount, self.promptCount) = (named.name, part, kind, byteCount, promptCount)
    runner = PartRunner(named.model)
    var draws = Prompts(seed: UInt64(byteCount))
    prompts = (0..<promptCount).map { _ in draws.next(kind, byteCount: byteCount) }
    inputs = prompts.map { Input($0, for: part) }
    passes = max(2, 400_000 / (promptCount * (300 + 2 * min(byteCount, 32_768))))
  }

  /// Runs every request a few times, without taking the time.
  func warmUp() { for input in inputs { runner.run(part, input) } }

  /// Adds one sample: the mean over all inputs. An untimed pass first brings back into the caches what the other rows
  /// pushed out.
  func sample(clock: clockid_t = CLOCK_MONOTONIC) {
    warmUp()
    let start = nanoseconds(clock)
    for _ in 0..<passes { for input in inputs { runner.run(part, input) } }
    timing.add(Double(nanoseconds(clock) - start) / Double(passes * inputs.count))
  }
}

/// The rows for a set of models.
func makeCases(_ models: [NamedModel]) -> [BenchCase] {
  var cases: [BenchCase] = []
  for model in models where !model.model.responseTiers.isEmpty {
    for byteCount in [100, 1_000, 10_000] {
      let count = min(64, 160_000 / byteCount)
      cases.append(BenchCase(model, .response, .english, byteCount: byteCount, promptCount: count))
      cases.append(BenchCase(model, .response, .english, byteCount: byteCount, promptCount: 1))
    }
    for kind in [TextKind.code, .mixed] {
      cases.append(BenchCase(model, .response, kind, byteCount: 1_000, promptCount: 64))
    }
  }
  for model in models where model.servesRequests {
    for byteCount in [100, 1_000, 10_000, 1_000_000] {
      let count = max(1, min(64, 160_000 / byteCount))
      cases.append(BenchCase(model, .route, .english, byteCount: byteCount, promptCount: count))
      cases.append(BenchCase(model, .route, .english, byteCount: byteCount, promptCount: 1))
    }
    for kind in [TextKind.code, .mixed] {
      cases.append(BenchCase(model, .route, kind, byteCount: 1_000, promptCount: 64))
    }
  }
  for part in Part.allCases where part != .route && part != .response {
    for byteCount in [100, 1_000] {
      cases.append(BenchCase(models[0], part, .english, byteCount: byteCount, promptCount: 64))
    }
  }
  return cases
}
