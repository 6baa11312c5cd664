import Foundation

/// What came of a loop: what was said beside what is true. `nil` where nothing was said, with the reason.
struct Report {
  /// What a client saw of one request.
  struct Seen {
    var row: String
    var status = 0
    var requestID: String?
  }

  struct Interval {
    var value, low, high: Double
    var json: [String: Any] { ["value": value, "low": low, "high": high] }
    func contains(_ number: Double) -> Bool { low <= number && number <= high }
  }

  var seen: [Seen] = []
  var addedP50 = 0.0
  var gold = 0
  var labels = 0
  var labelUSD = 0.0
  var savedTrue = 0.0
  var keptTrue = 0.0
  var savedNetTrue = 0.0
  var saved: Interval?
  var kept: Interval?
  var refused: String?

  var clientErrors: Int { seen.count { $0.status != 200 } }

  mutating func add(_ more: [Seen]) { seen += more }

  mutating func add(
    truth: (cost: Double, quality: Double, strongestCost: Double, strongestQuality: Double), allStrongest: Double
  ) {
    savedTrue = 1 - truth.cost / truth.strongestCost
    keptTrue = truth.quality / truth.strongestQuality
    savedNetTrue = savedTrue - (allStrongest > 0 ? labelUSD / allStrongest : 0)
  }

  /// What `ockham replay` said.
  mutating func add(_ replay: [String: Any]) {
    refused = replay["refused"] as? String
    func interval(_ name: String) -> Interval? {
      guard let found = replay[name] as? [String: Any], let value = found["value"] as? Double,
        let low = found["low"] as? Double, let high = found["high"] as? Double
      else { return nil }
      return Interval(value: value, low: low, high: high)
    }
    (saved, kept) = (interval("saved"), interval("quality_kept"))
  }

  var json: [String: Any] {
    [
      "requests": seen.count, "labels": labels, "gold": gold, "label_cost_usd": labelUSD, "saved_true": savedTrue,
      "saved_estimated": saved?.json ?? NSNull(), "saved_net_true": savedNetTrue, "quality_kept_true": keptTrue,
      "quality_kept_estimated": kept?.json ?? NSNull(), "client_errors": clientErrors, "added_p50_ms": addedP50,
      "refused": refused ?? NSNull(),
    ]
  }

  /// What a loop must not come to on a world that is large enough; `nil` for nothing. Whether an interval holds is for many loops to
  /// say; one that is far off shows that something is wrong.
  var fault: String? {
    if clientErrors > 0 { return "\(clientErrors) of \(seen.count) requests were not answered" }
    if labels < 50 { return "\(labels) labels, expected 50 at least" }
    // Few labels may tell nothing of quality: then that is said.
    if kept == nil, refused == nil { return "quality is neither estimated nor refused" }
    for (name, said, known) in [("saved", saved, savedTrue), ("kept", kept, keptTrue)] {
      guard let said else { continue }
      let slack = 0.05 + said.high - said.low
      guard abs(said.value - known) < slack else { return "\(name): said \(said.value), true \(known)" }
    }
    return nil
  }

  var text: String {
    func percent(_ number: Double) -> String { String(format: "%5.1f %%", number * 100) }
    func shown(_ interval: Interval?) -> String {
      interval.map { "\(percent($0.value)) (\(percent($0.low)) to \(percent($0.high)))" } ?? "none: \(refused ?? "")"
    }
    return """
      requests \(seen.count), of them not answered \(clientErrors); added \(String(format: "%.2f", addedP50)) ms at the median
      labels \(labels) for \(String(format: "%.4f", labelUSD)) USD; by hand \(gold)
      saved of all-strongest's dollars: true \(percent(savedTrue)), less labels \(percent(savedNetTrue)); said \(shown(saved))
      quality kept: true \(percent(keptTrue)); said \(shown(kept))

      """
  }
}
