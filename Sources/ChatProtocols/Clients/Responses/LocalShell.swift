import TextKit

/// The tool `local_shell` of Responses, which has no schema, as a function: its arguments are the action that the client is
/// to carry out. Source: OpenAI API reference, "Local shell".
enum LocalShell {
  /// The type of the tool, and the name of the function that stands for it.
  static let name = "local_shell"

  /// The function that a model is given.
  static let function: JSONNode = .object([
    "type": .string("function"),
    "function": .object([
      "name": .string(name), "description": .string("Runs a command on the user's machine and gives back its output."),
      "parameters": .object([
        "type": .string("object"),
        "properties": .object([
          "command": .object([
            "type": .string("array"), "items": text, "description": .string("The program and its arguments."),
          ]),
          "env": .object([
            "type": .string("object"), "additionalProperties": text,
            "description": .string("Environment variables."),
          ]),
          "timeout_ms": .object(["type": .string("integer")]), "working_directory": text, "user": text,
        ]),
        "required": .array([.string("command")]),
      ]),
    ]),
  ])

  private static let text: JSONNode = .object(["type": .string("string")])

  /// The item of a call; while it is not done, its action is empty.
  static func item(_ id: String, _ call: ToolCall, status: String) -> JSONNode {
    .object([
      "id": .string(id), "type": .string("local_shell_call"), "status": .string(status), "call_id": .string(call.id),
      "action": action(inArguments: call.arguments),
    ])
  }

  /// The action that a model's arguments are, with what every action has. Arguments that are no object run nothing.
  private static func action(inArguments text: String) -> JSONNode {
    let said = (try? JSONParser.parse(Array(text.utf8)))?.members ?? []
    let first: [JSONMember] = [JSONMember(key: "type", value: .string("exec"))]
    var action: JSONNode = .object(first + said.filter { $0.key != "type" })
    if action["command"] == nil { action = action.setting("command", to: .array([])) }
    if action["env"] == nil { action = action.setting("env", to: .object([:])) }
    return action
  }
}
