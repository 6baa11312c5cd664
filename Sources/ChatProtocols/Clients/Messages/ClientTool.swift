import TextKit

/// The tools that Anthropic defines and its clients carry out: a shell, an editor of files, a computer, a memory. A request
/// has no schema for them, for Anthropic's models know them. Other models are given functions of the same names with the
/// inputs that are documented, so that a call of theirs is one of these tools. Source: Anthropic API reference, "Bash tool",
/// "Text editor tool", "Computer use tool" and "Memory tool".
struct ClientTool {
  private enum Family: String { case bash, textEditor = "text_editor", computer, memory }

  private let family: Family
  /// When this form of the tool was published: `20250124`.
  private let date: Int

  /// - Parameter type: what a request calls the tool: `bash_20250124`.
  /// - Returns: `nil` for a tool of another family, which runs at Anthropic.
  init?(type: String) {
    guard let mark = type.lastIndex(of: "_"), let family = Family(rawValue: String(type[..<mark])),
      let date = Int(type[type.index(after: mark)...]), (20_000_000..<100_000_000).contains(date)
    else { return nil }
    (self.family, self.date) = (family, date)
  }

  /// The function that stands for the tool; `tool` has its name, and of a computer the size of the screen.
  func function(_ tool: Field) throws(GatewayError) -> JSONNode {
    let name = try tool.required("name", "the name of the tool").name("the name of the tool")
    return .object([
      "type": .string("function"),
      "function": .object([
        "name": .string(name), "description": .string(try description(tool)), "parameters": try parameters(tool),
      ]),
    ])
  }

  private func description(_ tool: Field) throws(GatewayError) -> String {
    switch family {
    case .bash:
      return "Runs a command in a bash session that goes on from call to call, and gives back what it prints. Say "
        + "restart to begin a new session."
    case .textEditor:
      return "Views, creates and edits text files. str_replace needs an old_str that stands in the file exactly once."
    case .computer:
      let width = try tool.required("display_width_px", "the width of the screen").integer(in: 1...Int.max)
      let height = try tool.required("display_height_px", "the height of the screen").integer(in: 1...Int.max)
      return "Uses mouse, keyboard and screen of a computer. The screen has \(width) by \(height) pixels; coordinates "
        + "are [x, y] from its top left corner. Take a screenshot to see what an action did."
    case .memory:
      return "Reads and writes files below /memories, which are kept from one conversation to the next. View that "
        + "directory before a task, and note what will be needed later."
    }
  }

  private func parameters(_ tool: Field) throws(GatewayError) -> JSONNode {
    switch family {
    case .bash:
      return Self.schema([
        "command": Self.text("The command to run; not with restart."),
        "restart": Self.node("boolean", "Whether to begin a new session instead."),
      ])
    case .textEditor: return editor
    case .computer: return computer(canZoom: try tool["enable_zoom"]?.boolean() ?? false)
    case .memory: return Self.memory
    }
  }
}

/// The inputs.
extension ClientTool {
  private var editor: JSONNode {
    // The editors before Claude 4 could undo, and inserted what they call new_str.
    let isOld = date < 20_250_429
    let commands = ["view", "create", "str_replace", "insert"] + (isOld ? ["undo_edit"] : [])
    let inserted = isOld ? nil : Self.text("The text that insert puts there.")
    return Self.schema(
      [
        "command": Self.word("What to do.", commands), "path": Self.text("The file or directory, as an absolute path."),
        "file_text": Self.text("The content of the file, for create."),
        "old_str": Self.text("The text to replace, for str_replace."),
        "new_str": Self.text(isOld ? "The new text, for str_replace and insert." : "The new text, for str_replace."),
        "insert_line": Self.node("integer", "The line after which insert puts the text; 0 is the top of the file."),
        "insert_text": inserted, "view_range": Self.viewRange,
      ], required: ["command", "path"])
  }

  private static let memory = schema(
    [
      "command": word("What to do.", ["view", "create", "str_replace", "insert", "delete", "rename"]),
      "path": text("The file or directory, below /memories; for all commands but rename."),
      "view_range": viewRange, "file_text": text("The content of the file, for create."),
      "old_str": text("The text to replace, for str_replace."), "new_str": text("The new text, for str_replace."),
      "insert_line": node("integer", "The line after which insert puts the text; 0 is the top of the file."),
      "insert_text": text("The text that insert puts there."), "old_path": text("What rename moves."),
      "new_path": text("Where rename moves it."),
    ], required: ["command"])

  private func computer(canZoom: Bool) -> JSONNode {
    var actions = [
      "key", "type", "mouse_move", "left_click", "left_click_drag", "right_click", "middle_click", "double_click",
      "screenshot", "cursor_position",
    ]
    let isNew = date >= 20_250_124
    if isNew {
      actions += [
        "left_mouse_down", "left_mouse_up", "scroll", "hold_key", "wait", "triple_click",
      ]
    }
    if canZoom { actions.append("zoom") }
    return Self.schema(
      [
        "action": Self.word("What to do.", actions),
        "coordinate": Self.numbers("Where, as [x, y]: of a click, a scroll, a move, or the end of a drag."),
        "text": Self.text("What to type, the key or keys to press (ctrl+s), or keys to hold during a click or scroll."),
        "start_coordinate": isNew ? Self.numbers("Where a drag begins, as [x, y].") : nil,
        "scroll_direction": isNew ? Self.word("Where to scroll.", ["up", "down", "left", "right"]) : nil,
        "scroll_amount": isNew ? Self.node("integer", "How many notches to scroll.") : nil,
        "duration": isNew ? Self.node("number", "Seconds, for hold_key and wait.") : nil,
        "region": canZoom ? Self.numbers("What zoom shows, as [x0, y0, x1, y1].") : nil,
      ], required: ["action"])
  }

  private static let viewRange = numbers("The first and the last line that view shows; -1 is the end of the file.")

  private static func schema(_ properties: KeyValuePairs<String, JSONNode?>, required: [String] = []) -> JSONNode {
    .object([
      "type": .string("object"), "properties": .object(properties),
      "required": required.isEmpty ? nil : .array(required.map(JSONNode.string)),
    ])
  }

  private static func node(_ type: String, _ description: String) -> JSONNode {
    .object(["type": .string(type), "description": .string(description)])
  }

  private static func text(_ description: String) -> JSONNode { node("string", description) }

  private static func word(_ description: String, _ words: [String]) -> JSONNode {
    node("string", description).setting("enum", to: .array(words.map(JSONNode.string)))
  }

  private static func numbers(_ description: String) -> JSONNode {
    node("array", description).setting("items", to: .object(["type": .string("integer")]))
  }
}
