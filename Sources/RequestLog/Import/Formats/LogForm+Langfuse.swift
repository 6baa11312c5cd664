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

extension LogForm {
  /// Langfuse's traces: with the observations in them, whose generations are taken, or by themselves.
  static let langfuseTraces = LogForm(
    name: "langfuse-traces", title: "Langfuse traces",
    recognises: { row in
      guard row["traceId"] == nil, row["attributes"] == nil, row.label("id") != nil else { return false }
      if row.field("observations")?.isListOfObjects == true { return true }
      let marks = [
        "sessionId", "userId", "htmlPath", "bookmarked", "projectId", "totalCost", "release", "public", "environment",
        "session_id", "user_id", "total_cost", "externalId",
      ]
      let keys = (row.members ?? []).map(\.key)
      return row["input"] != nil && keys.contains("output") && keys.contains("timestamp")
        && keys.count { marks.contains($0) } >= 1
    },
    read: { (row, context) throws(RecordViolation) in
      guard let observations = row.field("observations")?.elements, observations.first?.members != nil else {
        return [try context.langfuse(row)]
      }
      let generations = observations.filter { $0.label("type")?.uppercased() == "GENERATION" }
      if generations.isEmpty { return [try context.langfuse(row)] }
      var exchanges: [Exchange] = []
      for generation in generations {
        var exchange = try context.langfuse(generation)
        // The scores of a trace with one generation are that one's.
        if generations.count == 1, exchange.answers.first?.rating == nil, !exchange.answers.isEmpty {
          exchange.answers[0].rating = context.langfuseScore(row)
        }
        exchanges.append(exchange)
      }
      return exchanges
    })
}

extension FormContext {
  fileprivate func langfuse(_ row: JSONNode) throws(RecordViolation) -> Exchange {
    let settings = row.field("modelParameters", "model_parameters") ?? .null
    guard let input = row.raw("input") else {
      throw RecordViolation(
        .missingRequest, field: "input", expected: "the input of the generation", found: "none",
        remedy: "export observations with their input and output")
    }
    let body = input.unfolded
    let isBody = body.field("messages", "contents") != nil
    var exchange = Exchange(
      id: row.label("id"),
      request: try isBody
        ? requests.request(.object((body.members ?? []) + (settings.members ?? [])))
        : requests.request(turns: input, settings: settings))
    exchange.time = row.raw("startTime", "start_time", "timestamp", "createdAt")
    exchange.conversation = row.label("sessionId", "session_id")
    let reply = Reply(row.raw("output"), isAnswer: true)
    var answer = Exchange.Answer(reply)
    answer.model =
      row.label(
        "model", "providedModelName", "provided_model_name", "metadata.model", "metadata.model_name",
        "metadata.ls_model_name") ?? reply.model
    answer.costUSD = row.amount(
      "costDetails.total", "cost_details.total", "calculatedTotalCost", "totalCost", "total_cost", "cost")
    answer.inputTokens =
      row.count(
        "usageDetails.input", "usage_details.input", "usage.input", "usage.promptTokens", "promptTokens",
        "inputUsage", "usage.prompt_tokens") ?? reply.inputTokens
    answer.outputTokens =
      row.count(
        "usageDetails.output", "usage_details.output", "usage.output", "usage.completionTokens",
        "completionTokens", "outputUsage", "usage.completion_tokens") ?? reply.outputTokens
    answer.latencyMilliseconds =
      row.amount("latency").map { ($0 * 1e6).rounded() / 1e3 }
      ?? ExchangeTime.milliseconds(from: row.raw("startTime", "start_time"), to: row.raw("endTime", "end_time"))
    answer.rating = langfuseScore(row)
    if row.label("level") == "ERROR" {
      note("request that failed: no outcome")
    } else {
      exchange.answers = [answer]
    }
    return exchange
  }

  /// The first score, of a list of named values or of an object of them.
  fileprivate func langfuseScore(_ row: JSONNode) -> JSONNode? {
    if let name = options.chat.quality, row.raw(name) == nil, let scores = row.field("scores")?.elements,
      let named = scores.first(where: { $0.label("name") == name })
    {
      return named.raw("value", "stringValue", "string_value")
    }
    if options.chat.quality != nil { return rating(row) }
    guard let scores = row.field("scores") else { return row.usualRating }
    let listed = scores.elements?.compactMap {
      $0.members == nil ? nil : $0.raw("value", "stringValue", "string_value")
    }
    let values = listed ?? scores.members?.map(\.value) ?? []
    if values.count > 1 { note("row with several scores: the first counts; choose with --quality-field") }
    return values.first.map { $0.elements?.first ?? $0 }
  }
}
