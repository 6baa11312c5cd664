import TextKit

/// Reads chunks of a streamed chat completion.
struct OpenAIStreamDecoder: StreamDecoder {
  private(set) var isOver = false
  private(set) var mendedData: [UInt8]?
  private var hasStarted = false
  private var seen: Set<Int> = []
  private var finished: Set<Int> = []
  /// The choices that called a tool.
  private var calls: [Int: OpenAIToolCalls] = [:]
  /// What Azure said of the prompt in a chunk of its own: it goes with the next.
  private var promptFilter: JSONNode?
  private let salt: UInt64

  /// - Parameter salt: what names are made from where the server gives none: another for every answer.
  init(salt: UInt64 = .random(in: .min ... .max)) { self.salt = salt }

  var isComplete: Bool { isOver || (!seen.isEmpty && finished == seen) }

  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    mendedData = nil
    if ProviderBody.isDone(data) {
      isOver = true
      return seen.subtracting(finished).sorted().flatMap { close($0, .stop) }
    }
    let (chunk, cleaned) = try ProviderBody.readable(data)
    if let failure = OpenAIFailure.failure(in: chunk, event: event) { throw .failed(failure) }
    if holdBack(chunk) {
      mendedData = []
      return []
    }
    var events = start(of: chunk)
    var mended: [Int: JSONNode] = [:]
    for (place, choice) in (chunk["choices"]?.elements ?? []).enumerated() {
      if let other = try append(choice, to: &events) { mended[place] = other }
    }
    mendedData = mended.isEmpty && promptFilter == nil ? cleaned : mend(chunk, mended)
    if let usage = OpenAIAnswerReader.usage(in: chunk) { events.append(.usage(usage)) }
    return events
  }

  /// Azure sends a first chunk without a name and without choices, which clients of OpenAI do not expect: what it says of
  /// the prompt goes with the next one, and that starts the stream.
  private mutating func holdBack(_ chunk: JSONNode) -> Bool {
    guard !hasStarted, chunk["choices"]?.elements?.isEmpty == true, chunk["usage"]?.members == nil,
      let filter = chunk["prompt_filter_results"]
    else { return false }
    promptFilter = filter
    return true
  }

  /// The start of the stream, once a chunk says anything.
  private mutating func start(of chunk: JSONNode) -> [ChatEvent] {
    let id = chunk["id"]?.string ?? ""
    guard !hasStarted, !id.isEmpty || chunk["choices"]?.elements?.isEmpty == false else { return [] }
    hasStarted = true
    return [
      .start(
        id: id.isEmpty ? OpenAIAnswerReader.madeID(salt) : id, model: chunk["model"]?.string ?? "",
        created: chunk["created"]?.integer ?? 0)
    ]
  }

  /// Reads a choice; gives it back where it must be passed on otherwise than it came.
  private mutating func append(_ node: JSONNode, to events: inout [ChatEvent]) throws(ProviderFault) -> JSONNode? {
    if let failure = OpenAIFailure.failure(of: node) { throw .failed(failure) }
    let choice = node["index"]?.smallIndex ?? 0
    let delta = node["delta"] ?? node["message"] ?? .null
    let name = node["finish_reason"]?.string
    if let name, FinishReason.isFailure(name) { throw .failed(OpenAIAnswerReader.gaveUp) }
    let reason = name.flatMap(FinishReason.init(named:))
    if !(delta.members ?? []).isEmpty || reason != nil { seen.insert(choice) }
    if let text = OpenAIAnswerReader.reasoning(of: delta) { events.append(.reasoning(choice: choice, text)) }
    if let text = OpenAIAnswerReader.text(of: delta) { events.append(.content(choice: choice, text)) }
    if let text = OpenAIAnswerReader.said(delta["refusal"]) { events.append(.refusal(choice: choice, text)) }
    let nodes = delta["tool_calls"]?.elements ?? []
    var pieces = nodes.compactMap { append(call: $0, choice: choice) }
    let legacy =
      nodes.isEmpty ? OpenAIAnswerReader.legacyCall(of: delta).flatMap { append(call: $0, choice: choice) } : nil
    if let logprobs = OpenAIAnswerReader.logprobs(of: node) { events.append(.logprobs(choice: choice, logprobs)) }
    var end: [ChatEvent] = []
    if let reason, finished.insert(choice).inserted {
      let late = calls[choice]?.finish() ?? []
      pieces += late
      end = [.finish(choice: choice, reason == .stop && calls[choice]?.isEmpty == false ? .toolCalls : reason)]
    }
    // A client that asked by the former name reads the former form: it is passed on as it came.
    events += ((legacy.map { [$0] } ?? []) + pieces).map { Self.event($0, choice: choice) } + end
    let hasOddName = name.map { !ChatCompletionJSON.isFinishReason($0) } ?? false
    let hasNoDelta = node["delta"]?.members == nil && node["message"]?.members == nil
    guard
      hasOddName || hasNoDelta || pieces.contains(where: { !$0.isAsSent })
        || pieces.count < nodes.count && isHolding(nodes)
    else { return nil }
    return Self.mend(node, delta.members == nil ? .object([:]) : delta, pieces, reason)
  }

  private mutating func append(call node: JSONNode, choice: Int) -> OpenAIToolCalls.Piece? {
    let salt = salt
    return calls[choice, default: OpenAIToolCalls { OpenAIAnswerReader.madeCallID(salt, choice: choice, $0) }]
      .append(node)
  }

  /// What ends a choice that never said why it stopped.
  private mutating func close(_ choice: Int, _ reason: FinishReason) -> [ChatEvent] {
    finished.insert(choice)
    let late = calls[choice]?.finish() ?? []
    let isCalling = calls[choice]?.isEmpty == false
    return late.map { Self.event($0, choice: choice) } + [.finish(choice: choice, isCalling ? .toolCalls : reason)]
  }

  /// Whether one of these pieces says more than its place: one that does not may be dropped without a change.
  private func isHolding(_ nodes: [JSONNode]) -> Bool {
    nodes.contains { node in
      let function = node["function"] ?? node["custom"]
      return node["id"]?.string != nil || function?["name"]?.string != nil
        || !OpenAIAnswerReader.arguments(function?["arguments"] ?? function?["input"]).isEmpty
    }
  }

  private static func event(_ piece: OpenAIToolCalls.Piece, choice: Int) -> ChatEvent {
    .toolCall(choice: choice, call: piece.number, id: piece.id, name: piece.name, arguments: piece.arguments)
  }
}

/// Chunks as OpenAI would have sent them, all that is not known in them included.
extension OpenAIStreamDecoder {
  private mutating func mend(_ chunk: JSONNode, _ choices: [Int: JSONNode]) -> [UInt8] {
    let all = (chunk["choices"]?.elements ?? []).enumerated().map { choices[$0] ?? $1 }
    var mended = chunk.setting("choices", to: .array(all))
    if let promptFilter { mended = mended.setting("prompt_filter_results", to: promptFilter) }
    promptFilter = nil
    return mended.jsonBytes
  }

  private static func mend(
    _ node: JSONNode, _ delta: JSONNode, _ pieces: [OpenAIToolCalls.Piece], _ reason: FinishReason?
  ) -> JSONNode {
    var delta = delta
    if !pieces.isEmpty || delta["tool_calls"] != nil {
      delta = delta.setting(
        "tool_calls",
        to: .array(
          pieces.map {
            ChatStreamEncoder.callPart($0.number, id: $0.id, name: $0.name, arguments: $0.arguments)
          }))
    }
    return node.setting("delta", to: delta)
      .setting("finish_reason", to: reason.map { .string(ChatCompletionJSON.name(of: $0)) } ?? .null)
  }
}
