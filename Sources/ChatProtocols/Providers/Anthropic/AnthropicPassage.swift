import TextKit

/// What of a client's own Messages request must be changed for one of Anthropic's models, for the client cannot know which
/// one it reaches:
/// - thinking without a signature is left out: another provider wrote it, and Anthropic refuses what it did not sign;
/// - adaptive thinking and an effort are left out where the model does not know them.
///
/// All else stays byte for byte.
enum AnthropicPassage {
  static func edit(_ edit: inout BodyEdit, _ root: JSONNode, model: String) {
    let model = ClaudeModel(name: model)
    for message in root["messages"]?.elements ?? [] where message["role"]?.string == "assistant" {
      dropForeignThinking(&edit, message["content"])
    }
    if !model.hasAdaptiveThinking, let thinking = root["thinking"], thinking["type"]?.string == "adaptive" {
      edit.replace(thinking.range, with: Array(#"{"type":"disabled"}"#.utf8))
    }
    if !model.hasEffort, let output = root["output_config"], output["effort"] != nil {
      let rest = (output.members ?? []).filter { $0.key != "effort" }
      edit.replace(output.range, with: JSONNode.object(rest).jsonBytes)
    }
  }

  private static func dropForeignThinking(_ edit: inout BodyEdit, _ content: JSONNode?) {
    guard let content, let blocks = content.elements else { return }
    let kept = blocks.filter { block in
      block["type"]?.string != "thinking" || block["signature"]?.string?.isEmpty == false
    }
    guard kept.count < blocks.count else { return }
    let rest = kept.isEmpty ? [MessagesJSON.text("(thought)")] : kept
    edit.replace(content.range, with: JSONNode.array(rest).jsonBytes)
  }
}
