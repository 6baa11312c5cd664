/// One text of a request without what a harness put there: the program around the model, such as a coding agent.
///
/// Beside ``HarnessBlocks``: lines at the head of a system message that look like a header of HTTP (`x-…:`), a user message
/// that is a file of instructions or sets up a context, and results of tools that an agent writes as the user.
enum HarnessText: Equatable {
  /// There is nothing of a harness in it.
  case none
  /// What is left; not blank.
  case rest(String)
  /// Nothing is left.
  case all
  /// It was the result of a tool.
  case result

  /// What is left once nothing more can be taken out: what stood behind a block may itself be a file of instructions.
  init(in text: String, of role: Role) {
    var (all, text) = (HarnessText.none, text)
    while case let left = HarnessText(once: text, of: role), left != .none {
      all = left
      guard case .rest(let rest) = left else { break }
      text = rest
    }
    self = all
  }

  private init(once text: String, of role: Role) {
    let bytes = text.utf8.span
    let isUser = role == .user
    if isUser, Self.begins(bytes, with: Self.contextOpening) {
      self = .all
      return
    }
    let isFile = isUser && Self.begins(bytes, with: Self.fileOpening)
    let blocks = HarnessBlocks(in: bytes, isFile: isFile)
    var cuts = blocks.ranges
    if role == .system { cuts = Self.cuttingHeaderLines(bytes, cuts) }
    if isFile, !cuts.isEmpty { cuts = HarnessBlocks.merged(cuts + [0..<Self.endOfLine(bytes, from: 0)]) }
    let rest = Self.rest(of: text, without: cuts)
    if isUser, Self.isResult(rest.utf8.span) {
      self = .result
    } else if cuts.isEmpty {
      self = .none
    } else if !rest.isEmpty {
      self = .rest(rest)
    } else {
      self = blocks.holdResults ? .result : .all
    }
  }

  /// A file of instructions, as Codex sends it.
  private static let fileOpening: StaticString = "# AGENTS.md instructions"
  /// What Gemini CLI says first.
  private static let contextOpening: StaticString = "This is the Gemini CLI. We are setting up the context"

  private static func begins(_ text: Span<UInt8>, with opening: StaticString) -> Bool {
    let count = opening.utf8CodeUnitCount
    guard text.count >= count else { return false }
    for index in 0..<count where unsafe text[index] != opening.utf8Start[index] { return false }
    return true
  }

  /// `[read_file for 'a.swift'] Result:`, as Cline and its kin write it.
  private static func isResult(_ text: Span<UInt8>) -> Bool {
    guard text.count > 0, text[0] == UInt8(ascii: "[") else { return false }
    var position = 1
    while position < text.count, (0x61...0x7A).contains(text[position]) || text[position] == UInt8(ascii: "_") {
      position += 1
    }
    let name = text.extracting(droppingFirst: position)
    if position > 3, begins(name, with: "] Result:") { return true }
    guard position > 3, begins(name, with: " for '"),
      let end = HarnessBlocks.next(UInt8(ascii: "]"), in: name.extracting(first: 1024), from: 0)
    else { return false }
    return begins(name.extracting(droppingFirst: end), with: "] Result:")
  }

  /// The parts between cuts, a line each.
  private static func rest(of text: String, without cuts: [Range<Int>]) -> String {
    guard !cuts.isEmpty else { return text }
    let bytes = text.utf8.span
    var parts: [String] = []
    var position = 0
    for cut in cuts + [bytes.count..<bytes.count] {
      let part = bytes.extracting(position..<cut.lowerBound)
      var (start, end) = (0, part.count)
      while start < end, isSpace(part[start]) { start += 1 }
      while start < end, isSpace(part[end - 1]) { end -= 1 }
      if start < end { parts.append(string(part.extracting(start..<end))) }
      position = cut.upperBound
    }
    return parts.joined(separator: "\n")
  }

  /// The cuts, and before what else there is the lines `x-name: value`.
  private static func cuttingHeaderLines(_ text: Span<UInt8>, _ cuts: [Range<Int>]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var position = 0
    var next = 0
    while position < text.count {
      if next < cuts.count, cuts[next].lowerBound <= position {
        position = max(position, cuts[next].upperBound)
        next += 1
      } else if isSpace(text[position]) {
        position += 1
      } else if isHeaderLine(text, at: position) {
        let end = endOfLine(text, from: position)
        lines.append(position..<end)
        position = end
      } else {
        break
      }
    }
    return lines.isEmpty ? cuts : HarnessBlocks.merged(cuts + lines)
  }

  private static func isHeaderLine(_ text: Span<UInt8>, at start: Int) -> Bool {
    guard begins(text.extracting(droppingFirst: start), with: "x-") else { return false }
    var position = start + 2
    while position < text.count, text[position] == UInt8(ascii: "-") || isLetterOrDigit(text[position]) {
      position += 1
    }
    return position > start + 2 && position < text.count && text[position] == UInt8(ascii: ":")
  }

  private static func endOfLine(_ text: Span<UInt8>, from start: Int) -> Int {
    HarnessBlocks.next(UInt8(ascii: "\n"), in: text, from: start) ?? text.count
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func string(_ bytes: Span<UInt8>) -> String {
    unsafe String(unsafeUninitializedCapacity: bytes.count) { buffer in
      for index in 0..<bytes.count { unsafe buffer[index] = bytes[index] }
      return bytes.count
    }
  }
}
