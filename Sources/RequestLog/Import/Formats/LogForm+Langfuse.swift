import TextKit
import Ockham

extension LogForm {
  /// Langfuse's observations, from its API or an export; generations are taken.
  static let langfuse = LogForm(
    name: "langfuse", title: "Langfuse observations",
    recognises: { row in
      row.label("traceId", "trace_id") != nil && row.label("type") != nil && row["attributes"] == nil
        && (row["input"] != nil || row["output"] != nil)
    },
    read: { (row, context) throws(RecordViolation) in
      guard row.label("type")?.uppercased() == "GENERATION" else {
        context.note("observation that is no generation: left out")
        return []
      }
      return [try context.langfuse(row)]
    })
}

extension FormContext {
  fileprivate func langfuse(_ row: JSONNode) throws(RecordViolation) -> Exchange {
    let settings = row.field("modelParameters", "model_parameters") ?? .null
    guard let input = row.field("input") else {
      throw RecordViolation(
        .missingRequest, field: "input", expected: "the input of the generation", found: "none",
        remedy: "export observations with their input and output")
    }
    let isBody = input.field("messages", "contents", "input", "prompt") != nil
    var exchange = Exchange(
      id: row.label("id"),
      request: try isBody
        ? requests.request(.object((input.members ?? []) + (settings.members ?? [])))
        : requests.request(turns: input, settings: settings))
    exchange.time = row.field("startTime", "start_time", "timestamp")
    let reply = Reply(row.field("output"))
    var answer = Exchange.Answer(reply)
    answer.model = row.label("model", "providedModelName", "provided_model_name") ?? reply.model
    answer.costUSD = row.amount(
      "costDetails.total", "cost_details.total", "calculatedTotalCost", "totalCost", "total_cost", "cost")
    answer.inputTokens = row.count(
      "usageDetails.input", "usage_details.input", "usage.input", "promptTokens", "inputUsage")
    answer.outputTokens = row.count(
      "usageDetails.output", "usage_details.output", "usage.output", "completionTokens", "outputUsage")
    answer.latencyMilliseconds =
      row.amount("latency").map { ($0 * 1e6).rounded() / 1e3 }
      ?? ExchangeTime.milliseconds(from: row.field("startTime", "start_time"), to: row.field("endTime", "end_time"))
    answer.rating = langfuseScore(row)
    if row.label("level") == "ERROR" {
      note("request that failed: no outcome")
    } else {
      exchange.answers = [answer]
    }
    return exchange
  }

  /// The first score, of a list of named values or of an object of them.
  private func langfuseScore(_ row: JSONNode) -> JSONNode? {
    if options.chat.quality != nil { return rating(row) }
    guard let scores = row.field("scores") else { return row.usualRating }
    let values = scores.elements?.compactMap { $0.field("value", "stringValue") } ?? scores.members?.map(\.value) ?? []
    if values.count > 1 { note("row with several scores: the first counts; choose with --quality-field") }
    return values.first.map { $0.elements?.first ?? $0 }
  }
}
