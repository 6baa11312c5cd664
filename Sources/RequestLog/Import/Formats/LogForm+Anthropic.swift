import TextKit
import Ockham

extension LogForm {
  /// Requests and messages of Anthropic's API, side by side.
  static let anthropicLog = LogForm(
    name: "anthropic", title: "Anthropic messages requests and responses", kind: .general,
    recognises: { row in
      guard row.field("request.messages")?.isListOfObjects == true else { return false }
      return row.field("response.content")?.elements != nil && row.field("response.choices") == nil
    },
    read: { (row, context) throws(RecordViolation) in [try context.logged(row)] })

  /// Batch files of Anthropic: requests (`custom_id`, `params`) and results (`custom_id`, `result`), joined.
  static let anthropicBatch = LogForm(
    name: "anthropic-batch", title: "Anthropic batch requests and results", joining: .byID,
    recognises: { row in
      row.label("custom_id") != nil && (row.field("params")?.members != nil || row.field("result.type") != nil)
    },
    read: { (row, context) throws(RecordViolation) in
      var exchange: Exchange
      if let body = row.field("params") {
        exchange = Exchange(request: try context.requests.request(body))
      } else {
        let reply = Reply(row.raw("result.message"))
        if reply.said == nil { context.note("request of a batch that failed: no outcome") }
        exchange = Exchange(answers: [Exchange.Answer(reply)])
        exchange.answers[0].rating = context.rating(row)
      }
      exchange.id = row.label("custom_id")
      return [exchange]
    })
}
