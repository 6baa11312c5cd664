import TextKit

extension LogForm {
  /// The log of calls that Amazon Bedrock keeps: bodies as they were sent and came back.
  static let bedrock = LogForm(
    name: "bedrock", title: "Bedrock model invocation log",
    recognises: { $0.label("modelId") != nil && $0.field("input.inputBodyJson")?.members != nil },
    read: { (row, context) throws(RecordViolation) in
      let body = row.field("input.inputBodyJson") ?? .null
      var exchange = try context.exchange(request: body, response: row.field("output.outputBodyJson"))
      exchange.id = row.label("requestId")
      exchange.time = row.raw("timestamp")
      exchange.answers[0].model = row.label("modelId")
      exchange.answers[0].inputTokens = row.count("input.inputTokenCount") ?? exchange.answers[0].inputTokens
      exchange.answers[0].outputTokens = row.count("output.outputTokenCount") ?? exchange.answers[0].outputTokens
      exchange.answers[0].rating = context.rating(row)
      return [exchange]
    })
}
