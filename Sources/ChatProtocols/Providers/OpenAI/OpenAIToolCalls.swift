import TextKit

/// Distinguishes the tool calls of a streamed choice, whatever servers leave out or get wrong.
///
/// OpenAI gives every call an index, and says id and name once. Others leave the index out or say 0 for all, send several
/// whole calls in one chunk, say id or name late, never, or again with every piece. Here a piece belongs to
/// 1. the call with its id;
/// 2. else the last call with its index, or without an index the last call, unless it begins a new one: a new id beside a
///    name, or a name where the call before has its name and whole arguments.
///
/// Calls are numbered from 0 in the order in which they become known, which they are once their name is: what comes before
/// is held. An id that is missing or taken is made up once.
struct OpenAIToolCalls: Sendable {
  /// A piece of a call as OpenAI would send it: `id` and `name` where the call begins.
  struct Piece: Sendable, Equatable {
    var number: Int
    var id: String?
    var name: String?
    var arguments: String
    /// Whether the server sent just this.
    var isAsSent: Bool
  }

  private struct Call: Sendable {
    /// Of the server.
    var id: String?
    var index: Int?
    var name: String?
    /// The number of a call that has begun.
    var number: Int?
    /// Arguments that came before the name.
    var held = ""
    var progress = ArgumentsProgress()
  }

  private let makeID: @Sendable (Int) -> String
  private var calls: [Call] = []
  private var begun = 0
  private var ids: Set<String> = []

  /// - Parameter makeID: an id for the call of a number, the same for the same number.
  init(makeID: @escaping @Sendable (Int) -> String) { self.makeID = makeID }

  /// Whether a call has begun.
  var isEmpty: Bool { begun == 0 }

  /// Takes an element of `tool_calls`; `nil` where there is nothing to pass on yet.
  mutating func append(_ node: JSONNode) -> Piece? {
    let function = node["function"] ?? node["custom"]
    let id = OpenAIAnswerReader.said(node["id"])
    let name = OpenAIAnswerReader.said(function?["name"])
    let text = function?["arguments"] ?? function?["input"]
    let arguments = OpenAIAnswerReader.arguments(text)
    let index = node["index"]?.smallIndex
    let place = place(id: id, index: index, name: name) ?? begin(index: index)
    if calls[place].id == nil { calls[place].id = id }
    if calls[place].name == nil { calls[place].name = name }
    calls[place].progress.append(arguments)
    let isPlain = text.map { $0.string != nil || $0.isNull } ?? true
    if let number = calls[place].number {
      let isAsSent = isPlain && index == number && id == nil && name == nil
      guard !arguments.isEmpty || !isAsSent else { return nil }
      return Piece(number: number, arguments: arguments, isAsSent: isAsSent)
    }
    guard let known = calls[place].name else {
      calls[place].held += arguments
      return nil
    }
    let isAsSent = isPlain && index == begun && id != nil && calls[place].held.isEmpty
    return start(place, name: known, arguments: calls[place].held + arguments, isAsSent: isAsSent)
  }

  /// The calls that never got a name but have arguments.
  mutating func finish() -> [Piece] {
    var pieces: [Piece] = []
    for place in calls.indices where calls[place].number == nil && !calls[place].held.isEmpty {
      pieces.append(start(place, name: "unknown", arguments: calls[place].held, isAsSent: false))
    }
    return pieces
  }

  private mutating func start(_ place: Int, name: String, arguments: String, isAsSent: Bool) -> Piece {
    let number = begun
    begun += 1
    calls[place].number = number
    calls[place].held = ""
    var id = calls[place].id ?? makeID(number)
    let isTaken = !ids.insert(id).inserted
    if isTaken {
      id = makeID(number)
      ids.insert(id)
    }
    return Piece(number: number, id: id, name: name, arguments: arguments, isAsSent: isAsSent && !isTaken)
  }

  /// Notes a new call.
  private mutating func begin(index: Int?) -> Int {
    calls.append(Call(index: index))
    return calls.count - 1
  }

  /// The call that a piece belongs to; `nil` where it begins one.
  private func place(id: String?, index: Int?, name: String?) -> Int? {
    if let id, let known = calls.lastIndex(where: { $0.id == id && ($0.index == index || index == nil) }) {
      return known
    }
    guard let open = last(at: index) ?? stray(id: id, index: index, name: name) else { return nil }
    let call = calls[open]
    // An id that comes late, or a new one with every piece.
    if id != nil, call.id == nil || name == nil, !call.progress.isComplete, call.name == nil || name == nil {
      return open
    }
    if id != nil { return nil }
    guard let name, let known = call.name else { return open }
    // The name once more: another call where the one before is whole, else the same call.
    return call.progress.isComplete || name != known ? nil : open
  }

  /// The call that was last at an index.
  private func last(at index: Int?) -> Int? {
    guard let index else { return calls.indices.last }
    if let known = calls.lastIndex(where: { $0.index == index }) { return known }
    return calls.last.flatMap { $0.index == nil && !$0.progress.isComplete ? calls.count - 1 : nil }
  }

  /// Arguments alone at an index that no one began go on with the last call.
  private func stray(id: String?, index: Int?, name: String?) -> Int? {
    guard id == nil, name == nil, let last = calls.last, !last.progress.isComplete else { return nil }
    return calls.count - 1
  }
}
