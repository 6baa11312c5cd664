/// What kind of work a request asks for.
///
/// The raw value is the index of the kind in the task head; the order is part of the model format.
public enum TaskKind: UInt8, Sendable, Hashable, CaseIterable {
  case classification, extraction, summarisation, questionAnswering, translation
  case generation, code, math, reasoning, chat

  /// The name used in logs, reports and configuration.
  public var name: String {
    switch self {
    case .classification: "classification"
    case .extraction: "extraction"
    case .summarisation: "summarisation"
    case .questionAnswering: "question_answering"
    case .translation: "translation"
    case .generation: "generation"
    case .code: "code"
    case .math: "math"
    case .reasoning: "reasoning"
    case .chat: "chat"
    }
  }

  /// Finds a kind by its ``name``; `nil` for any other spelling.
  public init?(name: some StringProtocol) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}
