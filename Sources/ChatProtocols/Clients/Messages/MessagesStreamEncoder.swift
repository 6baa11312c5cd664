import TextKit

/// The named events of a streamed answer of Messages.
///
/// One block is open at a time, as with Anthropic. Providers may mix the arguments of several calls, or say a text between
/// them: what belongs elsewhere is held until the arguments of the open call are whole, or the answer ends. Clients parse
/// arguments as an object, so nothing of them is said before one begins; where none does, the object is made at the end.
struct MessagesStreamEncoder: StreamEncoder {
  private enum Kind: Equatable { case text, thinking, tool(Int) }

  /// A block, or a part of one that waits for its turn.
  private struct Block {
    let kind: Kind
    var id = ""
    var name = ""
    /// What waits.
    var text = ""
    var progress = ArgumentsProgress()
    /// Of arguments: whether their object has begun. What comes before is held.
    var hasBegunObject = false
    var held = ""

    /// Whether more may come for it that could not come later.
    var isUnfinished: Bool { if case .tool = kind { !progress.isComplete } else { false } }
  }

  private var open: Block?
  private var waiting: [Block] = []
  /// The calls whose blocks were closed: what still comes for them has no place.
  private var closed: Set<Int> = []
  private var blockCount = 0
  private var hasStarted = false
  private var stopReason: FinishReason = .stop
  private var usage: TokenUsage?

  mutating func encode(_ event: ChatEvent) -> [UInt8] {
    switch event {
    case .start(let id, let model, _): return start(id: id, model: model)
    case .content(0, let text), .refusal(0, let text): return text.isEmpty ? [] : add(Block(kind: .text, text: text))
    case .reasoning(0, let text): return text.isEmpty ? [] : add(Block(kind: .thinking, text: text))
    case .seal(0, let seal): return self.seal(seal)
    case .toolCall(0, let call, let id, let name, let arguments):
      return closed.contains(call)
        ? [] : add(Block(kind: .tool(call), id: id ?? "", name: name ?? "", text: arguments))
    case .finish(0, let reason): stopReason = reason
    case .usage(let counts): usage = counts
    default: break
    }
    return []
  }

  mutating func end() -> [UInt8] {
    var bytes = start(id: "", model: "")
    for block in waiting { bytes += self.open(block) }
    waiting = []
    bytes += closeOpen()
    bytes += Self.event(
      "message_delta",
      [
        "delta": .object(["stop_reason": .string(MessagesJSON.stopReason(stopReason)), "stop_sequence": .null]),
        "usage": MessagesJSON.usage(usage),
      ])
    return bytes + endMark
  }

  var endMark: [UInt8] { Self.event("message_stop", [:]) }

  mutating func fail(_ error: GatewayError) -> [UInt8] {
    EventText.event(ErrorEnvelope.anthropic(error), named: "error")
  }

  /// Says a part at once where its block is open or may be, else keeps it.
  private mutating func add(_ part: Block) -> [UInt8] {
    var bytes = start(id: "", model: "")
    if open?.kind == part.kind {
      open?.progress.append(part.text)
      bytes += delta(part)
    } else if open?.isUnfinished == true {
      wait(part)
    } else {
      return bytes + self.open(part)
    }
    while !waiting.isEmpty, open?.isUnfinished != true { bytes += self.open(waiting.removeFirst()) }
    return bytes
  }

  /// Seals the thinking that is open, or adds a block of sealed thinking. What would come inside another block is left out:
  /// thinking without its seal is no more than a text.
  private mutating func seal(_ seal: ReasoningSeal) -> [UInt8] {
    switch seal {
    case .signature(let text):
      guard open?.kind == .thinking else { return [] }
      return Self.delta(blockCount - 1, "signature_delta", "signature", text) + closeOpen()
    case .redacted(let data):
      guard open?.isUnfinished != true else { return [] }
      let bytes = start(id: "", model: "") + closeOpen()
      blockCount += 1
      return bytes
        + Self.event(
          "content_block_start",
          ["index": .integer(blockCount - 1), "content_block": MessagesJSON.redactedThinking(data)])
        + Self.event("content_block_stop", ["index": .integer(blockCount - 1)])
    }
  }

  /// Texts join what waits last; the parts of a call what waits for it.
  private mutating func wait(_ part: Block) {
    let place: Int?
    if case .tool = part.kind {
      place = waiting.firstIndex { $0.kind == part.kind }
    } else {
      place = waiting.last?.kind == part.kind ? waiting.count - 1 : nil
    }
    if let place { waiting[place].text += part.text } else { waiting.append(part) }
  }

  private mutating func open(_ block: Block) -> [UInt8] {
    let bytes = closeOpen()
    let content =
      switch block.kind {
      case .text: MessagesJSON.text("")
      case .thinking: MessagesJSON.thinking(ReasoningPart())
      case .tool: MessagesJSON.toolUse(id: block.id, name: block.name, input: .object([:]))
      }
    open = block
    open?.progress.append(block.text)
    blockCount += 1
    return bytes
      + Self.event("content_block_start", ["index": .integer(blockCount - 1), "content_block": content]) + delta(block)
  }

  private mutating func delta(_ part: Block) -> [UInt8] {
    guard !part.text.isEmpty else { return [] }
    return switch part.kind {
    case .text: Self.delta(blockCount - 1, "text_delta", "text", part.text)
    case .thinking: Self.delta(blockCount - 1, "thinking_delta", "thinking", part.text)
    case .tool: arguments(part.text)
    }
  }

  /// More of the open call's arguments, once their object has begun.
  private mutating func arguments(_ text: String) -> [UInt8] {
    if open?.hasBegunObject == true { return input(text) }
    let begun = (open?.held ?? "").isEmpty ? String(text.drop(while: \.isWhitespace)) : text
    open?.held += begun
    guard let held = open?.held, held.first == "{" else { return [] }
    open?.hasBegunObject = true
    open?.held = ""
    return input(held)
  }

  private func input(_ text: String) -> [UInt8] {
    Self.delta(blockCount - 1, "input_json_delta", "partial_json", text)
  }

  private mutating func closeOpen() -> [UInt8] {
    guard let block = open else { return [] }
    if case .tool(let call) = block.kind { closed.insert(call) }
    let rest = block.held.isEmpty ? [] : input(ChatReading.object(fromArguments: block.held).jsonText)
    open = nil
    return rest + Self.event("content_block_stop", ["index": .integer(blockCount - 1)])
  }

  /// `message_start`, once.
  private mutating func start(id: String, model: String) -> [UInt8] {
    guard !hasStarted else { return [] }
    hasStarted = true
    return Self.messageStart(id: id, model: model)
  }
}

extension MessagesStreamEncoder {
  /// The counts of the input are not known yet: `message_delta` says all of them.
  private static func messageStart(id: String, model: String) -> [UInt8] {
    event(
      "message_start",
      [
        "message": .object([
          "id": .string(id), "type": .string("message"), "role": .string("assistant"), "model": .string(model),
          "content": .array([]), "stop_reason": .null, "stop_sequence": .null, "usage": MessagesJSON.usage(nil),
        ])
      ])
  }

  private static func delta(_ index: Int, _ type: String, _ key: String, _ text: String) -> [UInt8] {
    let delta = [JSONMember(key: "type", value: .string(type)), JSONMember(key: key, value: .string(text))]
    return event("content_block_delta", ["index": .integer(index), "delta": .object(delta)])
  }

  private static func event(_ name: String, _ members: KeyValuePairs<String, JSONNode>) -> [UInt8] {
    let type = JSONMember(key: "type", value: .string(name))
    return EventText.event(.object([type] + members.map { JSONMember(key: $0, value: $1) }), named: name)
  }
}
