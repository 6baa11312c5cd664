/// The blocks between tags by which agents and editors wrap what they add to the texts of a request: `<system-reminder>` …
/// `</system-reminder>`.
///
/// Names are compared by their letters and digits alone, so that `<system_reminder>` and `<SystemReminder>` are one. Tags
/// that are not closed are text.
struct HarnessBlocks {
  /// What is to be cut: ranges of bytes in order, which do not touch.
  private(set) var ranges: [Range<Int>] = []

  /// Whether one of them is the result of a tool.
  private(set) var holdResults = false

  /// Reminders, surroundings, instructions and notices, which a program writes and not the person who asks.
  private static let notices: [StaticString] = [
    "systemreminder", "systemreminders", "reminder", "reminderinstructions", "systemnotification", "tasknotification",
    "subagentnotification", "turnaborted", "sessionstarthook", "userpromptsubmithook", "localcommandcaveat",
    "commandname", "commandmessage", "env", "environment", "environmentcontext", "environmentdetails",
    "environmentinfo", "environmentinformation", "runtimeinformation", "repositoryinfo", "workspaceinfo",
    "sessioncontext", "editorcontext", "additionaldata", "additionalmetadata", "extrainfo", "userinfo", "infomsg",
    "projectlayout", "directorystructure", "directories", "gitstatus", "openfiles", "openandrecentlyviewedfiles",
    "ideopenedfile", "ideselection", "idestate", "userinstructions", "custominstructions", "modeinstructions",
    "permissionsinstructions", "appsinstructions", "skillsinstructions", "pluginsinstructions", "collaborationmode",
    "personalityspec", "userrules", "alwaysappliedworkspacerules",
  ]

  /// Results of tools in messages of the user, of agents that call tools in plain text.
  private static let results: [StaticString] = [
    "toolresult", "toolresults", "toolresponse", "toolresponses", "tooloutput", "functionresult", "functionresults",
    "functionresponse", "executionresult", "observation", "commandoutput", "bashinput", "bashstdout", "bashstderr",
    "localcommandstdout", "localcommandstderr", "usershellcommand", "returncode",
  ]

  /// In files of instructions alone: elsewhere it may be what is asked.
  private static let instructions: StaticString = "instructions"

  /// All names; results come last but one.
  private static let names = notices + results + [instructions]

  /// - Parameters:
  ///   - text: UTF-8.
  ///   - isFile: whether the text is a file of instructions.
  /// - Complexity: O(bytes), and sorting of the blocks.
  init(in text: Span<UInt8>, isFile: Bool = false) {
    /// By name, where blocks began that are not closed yet.
    var open: [[Int]] = []
    var position = 0
    while let start = Self.next(UInt8(ascii: "<"), in: text, from: position) {
      guard let tag = Tag(in: text, at: start) else {
        position = start + 1
        continue
      }
      position = tag.end
      guard let name = Self.index(of: tag), isFile || name < Self.names.count - 1 else { continue }
      if open.isEmpty { open = [[Int]](repeating: [], count: Self.names.count) }
      if !tag.isClosing {
        open[name].append(start)
      } else if let first = open[name].popLast() {
        ranges.append(first..<tag.end)
        if name >= Self.notices.count, name < Self.names.count - 1 { holdResults = true }
      }
    }
    ranges = Self.merged(ranges)
  }

  private static func index(of tag: Tag) -> Int? {
    names.firstIndex { name in
      guard name.utf8CodeUnitCount == tag.letterCount else { return false }
      for index in 0..<tag.letterCount where unsafe name.utf8Start[index] != tag.letters[index] { return false }
      return true
    }
  }

  /// Where a byte stands next, eight bytes at a time.
  static func next(_ byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wanted = ones &* UInt64(byte)
    let raw = unsafe text.bytes
    var position = start
    while position + 8 <= text.count {
      let chunk = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self) ^ wanted
      if (chunk &- ones) & ~chunk & (0x80 &* ones) != 0 { break }
      position += 8
    }
    while position < text.count {
      if text[position] == byte { return position }
      position += 1
    }
    return nil
  }

  /// Ranges in order, those that touch as one.
  static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}

/// A tag: `<name>`, `</name>`, or `<name key="value">`. Names of several words are one.
private struct Tag {
  /// The letters and digits of its name, in lower case.
  private(set) var letters: InlineArray<48, UInt8> = .init(repeating: 0)
  private(set) var letterCount = 0
  let isClosing: Bool
  /// Behind the `>`.
  private(set) var end: Int

  /// A tag with more between the brackets is none that is known, nor is one with a longer name.
  private static let maximumBytes = 512

  init?(in text: Span<UInt8>, at start: Int) {
    end = start + 1
    guard end < text.count else { return nil }
    isClosing = text[end] == UInt8(ascii: "/")
    if isClosing { end += 1 }
    /// How many letters the first word has, once it is over.
    var firstWord: Int?
    var hasAttributes = false
    let limit = min(text.count, start + Self.maximumBytes)
    while end < limit, text[end] != UInt8(ascii: ">") {
      let byte = text[end]
      end += 1
      if hasAttributes, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "\n") { continue }
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        guard add(byte | 0x20) else { return nil }
      case UInt8(ascii: "0")...UInt8(ascii: "9"): guard add(byte) else { return nil }
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): break
      case UInt8(ascii: " "): firstWord = firstWord ?? letterCount
      case UInt8(ascii: "=") where firstWord != nil: hasAttributes = true
      default: return nil
      }
    }
    guard end < limit, letterCount > 0, text[end - 1] != UInt8(ascii: "/") else { return nil }
    if hasAttributes { letterCount = firstWord ?? letterCount }
    end += 1
  }

  /// Takes a letter; `false` where the name is longer than any that is known.
  private mutating func add(_ byte: UInt8) -> Bool {
    guard letterCount < letters.count else { return false }
    letters[letterCount] = byte
    letterCount += 1
    return true
  }
}
