import TextKit

extension LogForm {
  /// LangSmith's runs, from its API or a bulk export: those of models are calls, those of chains and tools are skipped.
  static let langSmith = LogForm(
    name: "langsmith", title: "LangSmith runs",
    recognises: { $0.label("run_type") != nil && $0.field("inputs") != nil },
    read: { (row, context) throws(RecordViolation) in
      guard ["llm", "chat_model"].contains(row.label("run_type")) else {
        context.note("run that is no call of a model: left out")
        return []
      }
      return [try context.langSmith(row)]
    })
}

extension FormContext {
  fileprivate func langSmith(_ row: JSONNode) throws(RecordViolation) -> Exchange {
    let settings = row.field("extra.invocation_params") ?? .null
    let inputs = row.field("inputs") ?? .null
    let asked = inputs.raw("messages", "prompts", "prompt", "input") ?? inputs
    var exchange = Exchange(
      id: row.label("id", "run_id"), request: try requests.request(turns: asked, settings: settings))
    // `session_id` is the project, not the conversation.
    exchange.conversation = row.label(
      "thread_id", "extra.metadata.thread_id", "extra.metadata.session_id", "extra.metadata.conversation_id")
    exchange.time = row.raw("start_time")
    guard row.label("error") == nil else {
      note("answer is an error: no outcome")
      return exchange
    }
    let reply = Reply(row.raw("outputs"), isAnswer: true)
    var answer = Exchange.Answer(reply)
    answer.model = settings.label("model", "model_name") ?? row.label("extra.metadata.ls_model_name") ?? reply.model
    answer.inputTokens = row.count("prompt_tokens") ?? reply.inputTokens
    answer.outputTokens = row.count("completion_tokens") ?? reply.outputTokens
    answer.costUSD = row.amount("total_cost")
    answer.latencyMilliseconds = ExchangeTime.milliseconds(from: row.raw("start_time"), to: row.raw("end_time"))
    let feedback = row.field("feedback_stats")?.members ?? []
    answer.rating = rating(row, or: feedback.count == 1 ? feedback[0].value.raw("avg") : row.usualRating)
    if feedback.count > 1, options.chat.quality == nil {
      note("run with several kinds of feedback: none is taken; choose with --quality-field feedback_stats.KEY.avg")
    }
    exchange.answers = [answer]
    return exchange
  }
}
