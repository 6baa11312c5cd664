import TextKit

/// Reads chunks of a streamed chat completion.
struct OpenAIStreamDecoder: StreamDecoder {
  private var hasStarted = false
  private var isDone = false
  private var seen: Set<Int> = []
  private var finished: Set<Int> = []
  /// The choices that called a tool.
  private var calling: Set<Int> = []
  /// Per choice, the tool call that began last: where deltas belong that do not say.
  private var lastCall: [Int: Int] = [:]
  private var lastID: [Int: String] = [:]

  var isComplete: Bool { isDone || (!seen.isEmpty && finished == seen) }

  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    if data.elementsEqual("[DONE]".utf8) {
      isDone = true
      return []
    }
    let chunk = try ProviderBody.object(in: data)
    if let failure = OpenAIFailure.failure(in: chunk) { throw .failed(failure) }
    var events = start(of: chunk)
    for choice in chunk["choices"]?.elements ?? [] { try append(choice, to: &events) }
    if let usage = chunk["usage"].flatMap(OpenAIAnswerReader.usage) { events.append(.usage(usage)) }
    return events
  }

  /// Azure sends a first chunk without a name and without choices: the stream starts with the next.
  private mutating func start(of chunk: JSONNode) -> [ChatEvent] {
    let id = chunk["id"]?.string ?? ""
    guard !hasStarted, !id.isEmpty || chunk["choices"]?.elements?.isEmpty == false else { return [] }
    hasStarted = true
    return [.start(id: id, model: chunk["model"]?.string ?? "", created: chunk["created"]?.integer ?? 0)]
  }

  private mutating func append(_ node: JSONNode, to events: inout [ChatEvent]) throws(ProviderFault) {
    let choice = node["index"]?.smallIndex ?? 0
    let delta = node["delta"] ?? .null
    let isUsageOnly = (delta.members ?? []).isEmpty && node["finish_reason"]?.string == nil
    if !isUsageOnly { seen.insert(choice) }
    if let text = OpenAIAnswerReader.reasoning(of: delta) { events.append(.reasoning(choice: choice, text)) }
    if let text = OpenAIAnswerReader.said(delta["content"]) { events.append(.content(choice: choice, text)) }
    if let text = OpenAIAnswerReader.said(delta["refusal"]) { events.append(.refusal(choice: choice, text)) }
    for call in delta["tool_calls"]?.elements ?? [] { events.append(try self.call(call, choice: choice)) }
    if let logprobs = OpenAIAnswerReader.logprobs(of: node) { events.append(.logprobs(choice: choice, logprobs)) }
    guard let reason = node["finish_reason"]?.string, finished.insert(choice).inserted else { return }
    let finish = ChatCompletionJSON.finishReason(reason)
    events.append(.finish(choice: choice, finish == .stop && calling.contains(choice) ? .toolCalls : finish))
  }

  private mutating func call(_ node: JSONNode, choice: Int) throws(ProviderFault) -> ChatEvent {
    let id = node["id"]?.string
    let isNew = id?.isEmpty == false && id != lastID[choice]
    let last = lastCall[choice]
    guard let index = node["index"]?.smallIndex ?? (isNew ? (last ?? -1) + 1 : last) else {
      throw .malformed(expected: "the index of a tool call")
    }
    let hasBegun = calling.contains(choice) && index <= (last ?? -1)
    calling.insert(choice)
    if isNew { lastID[choice] = id }
    lastCall[choice] = max(index, last ?? 0)
    let function = node["function"] ?? node["custom"]
    return .toolCall(
      choice: choice, call: index, id: hasBegun ? nil : id ?? "",
      name: hasBegun ? nil : function?["name"]?.string ?? "",
      arguments: OpenAIAnswerReader.arguments(function?["arguments"] ?? function?["input"]))
  }
}
