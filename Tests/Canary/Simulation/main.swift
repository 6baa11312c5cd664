import Evaluation
import Foundation

/// `simulate [CANARIES] [SEED]`: see the script of that name.
let arguments = CommandLine.arguments
let canaries = arguments.count > 1 ? Int(arguments[1]) ?? 200 : 200
let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1
/// Requests after which a canary is ended as undecided.
let horizon = 40_000

/// The result of many canaries on one kind of traffic.
struct Counts {
  var promoted: [(requests: Int, labels: Int)] = []
  var aborted: [(requests: Int, labels: Int)] = []
  var causes: [String: Int] = [:]
  var rawAborted: [Int] = []
  var labelRate = 0.0
}

func play(_ trueValue: Traffic.Truth, share: Double, rate: Double, count: Int) -> Counts {
  var counts = Counts()
  for number in 0..<count {
    var traffic = Traffic(trueValue, share: share, rate: rate, seed: seed &* 1_000_003 &+ UInt64(number))
    var watch = CanaryWatch(CanaryTerms(share: share))
    var rule = RawRule()
    var (requests, labels, isOver, isRawOver) = (0, 0, false, false)
    while requests < horizon, !isOver || !isRawOver {
      let drawn = traffic.next()
      requests += drawn.requests
      labels += drawn.labels.count
      if !isRawOver, rule.add(drawn, watch.terms) {
        isRawOver = true
        counts.rawAborted.append(requests)
      }
      guard !isOver else { continue }
      watch.close(drawn.conversation)
      switch watch.verdict {
      case .undecided: break
      case .promote:
        isOver = true
        counts.promoted.append((requests, labels))
      case .abort(let quantity):
        isOver = true
        counts.aborted.append((requests, labels))
        counts.causes[quantity.rawValue, default: 0] += 1
      }
    }
    counts.labelRate += Double(labels) / Double(requests) / Double(count)
  }
  return counts
}

/// A line at once, also into a file.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func median(_ values: [Int]) -> String { values.isEmpty ? "–" : "\(values.sorted()[values.count / 2])" }

say("\(canaries) canaries each, seed \(seed), at most \(horizon) requests; watched after every conversation\n")
say(
  "| candidate | share | aborted | for | requests, labels until then: median | promoted | requests, labels: median | labels a request | raw rule aborts | after requests: median |"
)
say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
let kinds: [(String, Traffic.Truth)] = [
  ("the same, 15 % cheaper", .init()),
  ("the same, nothing cheaper", .init(dollars: 0)),
  ("3 points worse, 15 % cheaper", .init(quality: -0.03)),
  ("1 point worse: at the margin", .init(quality: -0.01)),
  ("2 points better, 15 % cheaper", .init(quality: 0.02)),
  ("the same, 30 % more expensive", .init(dollars: 0.3)),
  ("the same, 5 points more failures", .init(failures: 0.05)),
  ("the same, 50 % slower", .init(latency: 0.5)),
]
for (name, trueValue) in kinds {
  for share in [0.05, 0.2] {
    let found = play(trueValue, share: share, rate: 0.3, count: canaries)
    let causes = found.causes.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    say(
      "| \(name) | \(share) | \(found.aborted.count) | \(causes.isEmpty ? "–" : causes) | \(median(found.aborted.map(\.requests))), \(median(found.aborted.map(\.labels))) | \(found.promoted.count) | \(median(found.promoted.map(\.requests))), \(median(found.promoted.map(\.labels))) | \(String(format: "%.3f", found.labelRate)) | \(found.rawAborted.count) | \(median(found.rawAborted)) |"
    )
  }
}
