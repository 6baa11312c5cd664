import Testing
import TextKit

@testable import ChatProtocols

/// Whatever clients and providers say, it means the same after every translation, there and back.
struct TranslationPropertyTests {
  /// A provider, and how its bodies are read.
  struct Provider: Sendable, CustomTestStringConvertible {
    var name: String
    var codec: any ProviderCodec
    var model: String
    var read: @Sendable (JSONNode) throws -> Conversation
    /// The API format of compatible clients.
    var client: (any ClientFormat)?
    var testDescription: String { name }
  }

  static let providers = [
    Provider(
      name: "OpenAI", codec: OpenAICodec(), model: "gpt-4o", read: Conversation.chat, client: ChatCompletionsFormat()),
    Provider(
      name: "Anthropic", codec: AnthropicCodec(), model: "claude-sonnet-4-5", read: Conversation.messages,
      client: MessagesFormat()),
    Provider(
      name: "Gemini", codec: GeminiCodec(), model: "gemini-2.5-flash", read: Conversation.gemini, client: nil),
  ]

  static let clients: [any ClientFormat] = [ChatCompletionsFormat(), MessagesFormat(), ResponsesFormat()]

  @Test(arguments: 0..<400 as Range<UInt64>) func meaningSurvives(_ seed: UInt64) throws {
    var generator = ConversationGenerator(seed: seed)
    let drawn = generator.conversation()
    let meaning = try drawn.meaning
    for client in Self.clients {
      let request = try client.request(from: try Self.body(of: drawn, client.apiFormat))
      for provider in Self.providers {
        // What a client says in the provider's own API format goes out as it came: nothing to check, but for the way back.
        let path = "\(client.apiFormat) to \(provider.name)"
        let body = try provider.codec.upstreamRequest(for: request, model: provider.model).body
        if provider.codec.apiFormat != client.apiFormat { try expect(body, meaning, provider, path) }
        guard let back = provider.client else { continue }
        let again = try back.request(from: body)
        for other in Self.providers where other.codec.apiFormat != back.apiFormat {
          let body = try other.codec.upstreamRequest(for: again, model: other.model).body
          try expect(body, meaning, other, "\(path) to \(other.name)")
        }
      }
    }
  }

  private func expect(_ body: [UInt8], _ meaning: Conversation, _ provider: Provider, _ path: String) throws {
    do {
      let found = try provider.read(try json(text(body)))
      #expect(found.system == meaning.system, "\(path)")
      #expect(found.tools == meaning.tools, "\(path)")
      #expect(found.choice == meaning.choice, "\(path)")
      #expect(found.turns == meaning.turns, "\(path)")
    } catch let refusal as Refusal {
      Issue.record("\(path): \(provider.name) refuses: \(refusal)\n\(text(body))")
    }
  }

  private static func body(of drawn: DrawnConversation, _ apiFormat: APIFormat) throws -> [UInt8] {
    switch apiFormat {
    case .messages: try drawn.messagesBody()
    case .responses: try drawn.responsesBody()
    default: try drawn.chatBody()
    }
  }
}
