import Foundation

/// The result of a loop: what was said beside what is true. `nil` where nothing was said, with the reason.
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

    /// For the figure of a sample that has an error of its own, instead of for all requests of the kind.
    func widened(by error: Double) -> Interval {
      func reach(_ half: Double) -> Double { (half * half + 1.96 * 1.96 * error * error).squareRoot() }
      return Interval(value: value, low: value - reach(value - low), high: value + reach(high - value))
    }
  }

  var seen: [Seen] = []
  var addedP50 = 0.0
  var gold = 0
  var labels = 0
  var labelUSD = 0.0
  var savedTrue = Ratio()
  var keptTrue = Ratio()
  var savedNetTrue = 0.0
  /// As `ockham replay` said: for all requests of the kind.
  var saved: Interval?
  var kept: Interval?
  var refused: String?
  /// Requests from the start of the router's canary until it served alone, and from that of the bad one's until it was taken out; `nil`
  /// where that did not come.
  var promotedAfter: Int?
  var abortedAfter: Int?
  /// Good candidates that were taken out, and alarms without a cause.
  var falseAlarms = 0
  /// Requests from a shift to the alert that reports it, by what shifted; `nil` where none came.
  var driftAlarmAfter: [String: Int?] = [:]
  /// Alerts while nothing had changed.
  var unexpected: [String] = []
  /// What the gateway said of the canaries at their ends.
  var canary: String?
  var badCanary: String?

  var clientErrors: Int { seen.count { $0.status != 200 } }

  mutating func add(_ more: [Seen]) { seen += more }

  mutating func add(trueValue: Truth, allStrongest: Double) {
    (savedTrue, keptTrue) = (trueValue.saved, trueValue.kept)
    savedNetTrue = savedTrue.value - (allStrongest > 0 ? labelUSD / allStrongest : 0)
  }

  /// What was said, for the requests that were never sent.
  var savedEstimated: Interval? { saved?.widened(by: savedTrue.error) }
  var keptEstimated: Interval? { kept?.widened(by: keptTrue.error) }

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
      "requests": seen.count, "labels": labels, "gold": gold, "label_cost_usd": labelUSD, "saved_true": savedTrue.value,
      "saved_estimated": savedEstimated?.json ?? NSNull(), "saved_net_true": savedNetTrue,
      "quality_kept_true": keptTrue.value, "quality_kept_estimated": keptEstimated?.json ?? NSNull(),
      "client_errors": clientErrors, "added_p50_ms": addedP50, "refused": refused ?? NSNull(),
      "promoted_after": promotedAfter ?? NSNull(), "bad_candidate_aborted_after": abortedAfter ?? NSNull(),
      "drift_alarm_after": driftAlarmAfter.mapValues { $0 as Any? ?? NSNull() }, "unexpected_alerts": unexpected,
      "false_alarms": falseAlarms, "true_error": ["saved": savedTrue.error, "quality_kept": keptTrue.error],
      "replay": ["saved": saved?.json ?? NSNull(), "quality_kept": kept?.json ?? NSNull()] as [String: Any],
    ]
  }

  /// What a loop must not come to on a world that is large enough; `nil` for nothing. Whether an interval holds is for many loops to
  /// say; one that is far off shows that something is wrong.
  var fault: String? {
    if clientErrors > 0 { return "\(clientErrors) of \(seen.count) requests were not answered" }
    if labels < 50 { return "\(labels) labels, expected 50 at least" }
    if canary != nil, abortedAfter == nil { return "the bad candidate was not taken out: \(badCanary ?? "")" }
    for (what, requests) in driftAlarmAfter where requests == nil { return "drift of \(what) was not reported" }
    // Few labels may show nothing of quality: then that is said.
    if kept == nil, refused == nil { return "quality is neither estimated nor refused" }
    for (name, said, known) in [("saved", savedEstimated, savedTrue), ("kept", keptEstimated, keptTrue)] {
      guard let said else { continue }
      let slack = 0.05 + said.high - said.low
      guard abs(said.value - known.value) < slack else { return "\(name): said \(said.value), true \(known.value)" }
    }
    return nil
  }

  private var driftText: String {
    guard !driftAlarmAfter.isEmpty else { return "left out" }
    let told = driftAlarmAfter.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.map(String.init) ?? "never")" }
    return "reported after \(told.joined(separator: ", ")) requests; alerts before: "
      + (unexpected.isEmpty ? "none" : unexpected.joined(separator: ", "))
  }

  var text: String {
    func percent(_ number: Double) -> String { String(format: "%5.1f %%", number * 100) }
    func shown(_ interval: Interval?) -> String {
      interval.map { "\(percent($0.value)) (\(percent($0.low)) to \(percent($0.high)))" } ?? "none: \(refused ?? "")"
    }
    return """
      requests \(seen.count), of them not answered \(clientErrors); added \(String(format: "%.2f", addedP50)) ms at the median
      labels \(labels) for \(String(format: "%.4f", labelUSD)) USD; by hand \(gold)
      saved of all-strongest's dollars: true \(percent(savedTrue.value)), less labels \(percent(savedNetTrue)); said \(shown(savedEstimated))
      the router's canary: \(promotedAfter.map { "serves alone after \($0) requests" } ?? "undecided"); the bad one's: \(abortedAfter.map { "taken out after \($0)" } ?? "undecided"); false alarms \(falseAlarms)
      drift: \(driftText)
      quality kept: true \(percent(keptTrue.value)); said \(shown(keptEstimated))
      intervals are for the requests that were never sent; replay's own, for all of the kind: saved \(shown(saved)), kept \(shown(kept))

      """
  }
}
