import TextKit

/// A made-up request with all that came of it.
struct DemoRequest {
  var trace: RequestTrace
  var label: ShadowLabel?
  /// The text of the answer that the client got, of a request that was drawn to be rated.
  var answer: String?
  var feedback: Feedback?
  var rating: GivenRating?

  /// What of it is written, its own rows first.
  func entries(_ maker: inout TelemetryRecordMaker) -> [TelemetryBatch.Entry] {
    var record = maker.record(of: trace, TelemetrySettings(prompts: .full))
    if let answer {
      for place in record.outcomes.indices where record.outcomes[place]["name"].text == trace.tier {
        record.outcomes[place]["answer"] = .text(JSONBuilder.text { $0.append(string: answer) })
      }
    }
    var entries: [TelemetryBatch.Entry] = [.request(record)]
    if let label { entries.append(.label(label)) }
    if let feedback { entries.append(.feedback(feedback)) }
    if let rating { entries.append(.rating(rating)) }
    return entries
  }
}
