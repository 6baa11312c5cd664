package import ChatProtocols
package import Judging
import Ockham
import TextKit

/// Questions about chats: conversations and answers as a judge reads them, cut to what is shown of long ones.
extension JudgePrompt {
  /// What an answer is worth.
  package static func score(of answer: ChatResponse, to chat: ChatRequest) -> JudgePrompt {
    .score(request: shown(chat), answer: shown(answer))
  }

  /// Which of several answers is the best.
  package static func choice(of answers: [ChatResponse], to chat: ChatRequest) -> JudgePrompt {
    .choice(request: shown(chat), answers: answers.map(shown))
  }

  /// A conversation, as a judge reads it.
  package static func shown(_ chat: ChatRequest) -> String {
    ShownText.shortened(ShownText.conversation(chat.request.segments.map { (name(of: $0.role), $0.text) }))
  }

  /// An answer, as a judge reads it.
  package static func shown(_ answer: ChatResponse) -> String {
    ShownText.shortened(ShownText.answer(GivenAnswer(firstOf: answer)))
  }

  private static func name(of role: Role) -> String {
    switch role {
    case .system: "system"
    case .user: "user"
    case .assistant: "assistant"
    case .tool: "tool"
    }
  }
}

extension ChatRequest {
  /// A judge's request as a chat.
  ///
  /// Neither a response format nor, by itself, a limit of tokens is asked for: not every provider knows the one, and
  /// reasoning would use up the other.
  /// - Parameter model: the model that judges, as its provider names it.
  package init(_ question: JudgeRequest, model: String) {
    let messages = [("system", question.system), ("user", question.user)].map { role, text in
      JSONNode.object(["role": .string(role), "content": .string(text)])
    }
    let body = JSONNode.object([
      "model": .string(model), "max_tokens": question.maximumReplyTokens.map(JSONNode.integer),
      "messages": .array(messages),
    ]).jsonBytes
    // What a builder writes is JSON; an empty object stands in were it not.
    let root = (try? JSONParser.parse(body)) ?? JSONNode(content: .object([]), range: 0..<0)
    let segments = [Segment(role: .system, text: question.system), Segment(role: .user, text: question.user)]
    self.init(
      apiFormat: .chatCompletions, body: body, root: root, chatBody: body, chat: root, model: model, isStream: false,
      wantsUsageChunk: false, request: Request(segments: segments))
  }
}

extension JudgeReply {
  /// What a judge answered as a chat.
  package init(_ answer: ChatResponse) {
    self.init(
      text: answer.choices.first?.content ?? "", inputTokens: answer.usage?.inputTokens,
      outputTokens: answer.usage?.outputTokens)
  }
}
