import ChatProtocols
import Evaluation
import GatewayCore
import TextKit

/// One request: where it went, and why.
struct RequestPage {
  let stored: StoredRequest
  let tierNames: [String]
  let explanation: Result<RequestExplanation, RequestExplanation.Failure>
  /// Texts are for those who rate.
  let showsTexts: Bool

  private var decision: TelemetryRow { stored.record.decision }

  var main: PageMarkup {
    """
    <h1>Request <code>\(stored.record.id)</code></h1>
    \(PageMarkup([sentence, facts, weighed, moved, attempts, labels, texts]))
    """
  }

  private func text(_ column: String) -> String { decision[column].text ?? "–" }
  private func usd(_ value: Double?) -> PageMarkup { "\(value.map(FigureText.dollars) ?? "not known")" }

  private var sentence: PageMarkup {
    let tier = decision["tier"].text ?? decision["target"].text ?? "nowhere"
    let gain: PageMarkup =
      if let gain = decision["gain"].real, let threshold = decision["threshold"].real {
        " The gain was \(NumberFormat.decimal(gain, places: 3)) against a threshold of \(NumberFormat.decimal(threshold, places: 3))."
      } else { .empty }
    return "<p>Sent to <b>\(tier)</b> by the policy <b>\(text("policy"))</b>: \(text("reason")).\(gain)</p>"
  }

  private var facts: PageMarkup {
    let names: [(String, String)] = [
      ("Key", "key_name"), ("Task", "task"), ("Asked for", "requested_model"), ("Rules", "rules"),
      ("Answered by", "answered_target"), ("Tier that answered", "answered_tier"), ("Error", "error_code"),
      ("Ended with", "finish_reason"), ("Would have gone to", "observed_tier"), ("Conversation", "conversation"),
      ("Model", "model_hash"), ("Policy's hash", "policy_hash"),
    ]
    var all: [(name: String, value: PageMarkup)] = [("Time", FigureText.time(stored.record.time))]
    all += names.map { ($0.0, "\(text($0.1))") }
    all += [
      ("Cost", usd(decision["cost_usd"].real)), ("In the strongest tier", usd(decision["strongest_usd"].real)),
      ("Time taken", "\(FigureText.milliseconds(decision["latency_ms"].real))"),
      ("First content", "\(FigureText.milliseconds(decision["ttft_ms"].real))"),
      ("Propensity", "\(NumberFormat.decimal(decision["propensity"].real, places: 3))"),
    ]
    return PageMarkup.facts(all)
  }

  private var weighed: PageMarkup {
    let probabilities = TrafficReader.numbers(decision["probabilities"].text)
    let costs = TrafficReader.numbers(decision["tier_usd"].text)
    guard !probabilities.isEmpty || !costs.isEmpty else {
      return .missing("No probabilities: the request was not weighed.")
    }
    let rows = tierNames.map { tier -> [PageMarkup] in
      ["\(tier)", "\(NumberFormat.percent(probabilities[tier], places: 1))", usd(costs[tier])]
    }
    return """
      <h2>What was weighed</h2>
      \(PageMarkup.table("Probability of a good answer and cost of each tier", titles: ["tier", "P(good)", "would have cost"], rows: rows))
      <p class="faint">Costs of tiers that did not answer are their prices × the tokens of the answer that was given.</p>
      """
  }

  private var moved: PageMarkup {
    switch explanation {
    case .failure(let failure): return "<h2>What moved it</h2>\(PageMarkup.missing(failure.sentence))"
    case .success(let explanation):
      let rows = explanation.parts.map { part -> [PageMarkup] in
        ["\(part.name)", "\(NumberFormat.signed(Double(part.value), places: 3))"]
      }
      return """
        <h2>What moved it</h2>
        \(PageMarkup.table("Towards \(explanation.upper) (above 0) or \(explanation.lower)", titles: ["feature", "adds"], rows: rows))
        """
    }
  }

  private var attempts: PageMarkup {
    guard !stored.record.attempts.isEmpty else { return .missing("No provider was asked.") }
    let rows = stored.record.attempts.enumerated().map { index, attempt -> [PageMarkup] in
      [
        "\(index + 1)", "\(attempt["target"].text ?? "–")", "\(attempt["tier"].text ?? "–")",
        "\(attempt["failure"].text ?? "answered")", usd(attempt["cost_usd"].real),
        "\(FigureText.milliseconds(attempt["latency_ms"].real))",
      ]
    }
    return """
      <h2>Attempts</h2>
      \(PageMarkup.table("Attempts and escalations, in order", titles: ["no.", "target", "tier", "came to", "cost", "time"], rows: rows))
      """
  }

  private var labels: PageMarkup {
    var rows = stored.record.outcomes.map { outcome -> [PageMarkup] in
      [
        "\(outcome["name"].text ?? "–")", "\(NumberFormat.decimal(outcome["quality"].real, places: 2))",
        "\(outcome["origin"].text ?? "–")", "\(NumberFormat.decimal(outcome["inclusion"].real, places: 3))",
      ]
    }
    rows += stored.personRatings.map { rating in
      [
        "\(rating.name ?? "–")", "\(NumberFormat.decimal(rating.quality, places: 2))", "\(rating.rater)",
        "\(NumberFormat.decimal(rating.probability, places: 3))",
      ]
    }
    rows += stored.feedback.map { feedback in
      ["served", "\(NumberFormat.decimal(feedback.quality, places: 2))", "feedback: \(feedback.source)", "–"]
    }
    guard !rows.isEmpty else { return .missing("Nothing is known of how good the answer was.") }
    return """
      <h2>How good</h2>
      \(PageMarkup.table("Ratings", titles: ["answer of", "quality", "from", "probability of the draw"], rows: rows))
      """
  }

  private var texts: PageMarkup {
    guard let text = stored.record.request?["request"].text else {
      return .missing("The text is not kept (telemetry.prompts).")
    }
    guard showsTexts else { return .missing("Texts are shown to those who may rate.") }
    let answers = stored.record.outcomes.compactMap { outcome -> PageMarkup? in
      outcome["answer"].text.map {
        "<h3>Answer of \(outcome["name"].text ?? "–")</h3><pre tabindex=\"0\">\(LoggedText.answer($0))</pre>"
      }
    }
    return """
      <details><summary>Texts</summary>
      <h3>Request</h3><pre tabindex="0">\(LoggedText.request(text))</pre>
      \(answers)
      </details>
      """
  }

  var json: JSONNode {
    func node(_ value: TelemetryValue) -> JSONNode {
      switch value {
      case .null, .bytes: .null
      case .integer(let value): .integer(Int(value))
      case .real(let value): .number(value)
      case .text(let value): .string(value)
      }
    }
    func object(_ row: TelemetryRow, without hidden: Set<String> = []) -> JSONNode {
      .object(zip(row.columns, row.values).filter { !hidden.contains($0.0) }.map { ($0.0, node($0.1)) })
    }
    let moved: JSONNode
    switch explanation {
    case .success(let explanation):
      moved = .object([
        ("from", .string(explanation.lower)), ("to", .string(explanation.upper)),
        (
          "parts",
          .array(explanation.parts.map { .object([("name", .string($0.name)), ("value", .number($0.value))]) })
        ),
      ])
    case .failure(let failure): moved = .object([("refused", .string(failure.sentence))])
    }
    let hidden: Set<String> = showsTexts ? ["response_features"] : ["answer", "response_features"]
    return .object([
      ("decision", object(decision)), ("moved", moved), ("attempts", .array(stored.record.attempts.map { object($0) })),
      ("outcomes", .array(stored.record.outcomes.map { object($0, without: hidden) })),
      ("label", stored.label.map { object($0) } ?? .null),
      ("request", showsTexts ? stored.record.request.map { node($0["request"]) } ?? .null : .null),
    ])
  }
}

/// Texts of a log as a person reads them.
enum LoggedText {
  /// A request: each message with its role, or the JSON where it is of another form.
  static func request(_ json: String) -> String {
    guard let node = try? JSONParser.parse(Array(json.utf8)) else { return json }
    if let prompt = node["prompt"]?.string { return prompt }
    guard let messages = node["messages"]?.elements else { return json }
    return messages.map { message in
      "\(message["role"]?.string ?? "message"): \(content(message["content"]) ?? message.jsonText)"
    }.joined(separator: "\n\n")
  }

  /// An answer: its text, or its JSON where it has none.
  static func answer(_ json: String) -> String {
    guard let node = try? JSONParser.parse(Array(json.utf8)) else { return json }
    return node.string ?? content(node["content"]) ?? node.jsonText
  }

  private static func content(_ node: JSONNode?) -> String? {
    if let text = node?.string { return text }
    let parts = node?.elements?.compactMap { $0["text"]?.string } ?? []
    return parts.isEmpty ? nil : parts.joined(separator: "\n")
  }
}
