/// A chat request, as far as routing looks at it: who said what, and what the answer must be able to do.
///
/// Only the text of ``segments`` and the plain counts of ``attributes`` are ever read; nothing is rewritten, and the
/// runtime keeps no reference to a request once a call returns. Of long requests the head and the tail of the text are read, 32 KiB in
/// all, and the rest is counted. ``BorrowedRequest`` is the same for bytes that are no strings.
public struct Request: Sendable, Hashable {
  /// The messages in the order they were sent. May be empty: an empty request scores like an empty prompt.
  public var segments: [Segment]

  /// What comes with the messages: tools, schemas, images, limits.
  public var attributes: RequestAttributes

  /// Creates a request from its messages.
  public init(segments: [Segment], attributes: RequestAttributes = RequestAttributes()) {
    self.segments = segments
    self.attributes = attributes
  }

  /// Creates the request that a single user prompt makes.
  public init(prompt: String) {
    self.init(segments: [Segment(role: .user, text: prompt)])
  }
}

/// One message of a request: a role and its text.
///
/// A message whose content has several text parts is one segment, its parts joined by a line feed.
public struct Segment: Sendable, Hashable {
  /// Who speaks.
  public var role: Role

  /// What is said, in UTF-8. Native strings are read in place, without a copy.
  public var text: String

  /// Creates a segment.
  public init(role: Role, text: String) {
    self.role = role
    self.text = text
  }
}

/// Who speaks in a ``Segment``.
public enum Role: UInt8, Sendable, Hashable, CaseIterable {
  /// The operator's instructions (`system` and `developer` messages).
  case system
  /// The person or program that asks.
  case user
  /// An earlier answer of a model.
  case assistant
  /// The result of a tool call (`tool` and `function` messages).
  case tool
}

/// What a request brings beside its messages.
public struct RequestAttributes: Sendable, Hashable {
  /// The names of the tools that the model may call, in the request's order.
  public var toolNames: [String]

  /// Bytes of JSON that describe the tools' parameters: a measure of how involved they are.
  public var toolSchemaBytes: Int

  /// The form that the answer must have.
  public var responseFormat: ResponseFormat

  /// Bytes of JSON of the answer's schema; 0 unless ``responseFormat`` is ``ResponseFormat/jsonSchema``.
  public var responseSchemaBytes: Int

  /// The number of image parts over all messages.
  public var imageCount: Int

  /// The most tokens that the answer may have, where the client says (`max_tokens`, `max_completion_tokens`).
  public var maximumOutputTokens: Int?

  /// Creates attributes; the defaults are those of a plain chat request.
  public init(
    toolNames: [String] = [], toolSchemaBytes: Int = 0, responseFormat: ResponseFormat = .text,
    responseSchemaBytes: Int = 0, imageCount: Int = 0, maximumOutputTokens: Int? = nil
  ) {
    self.toolNames = toolNames
    self.toolSchemaBytes = toolSchemaBytes
    self.responseFormat = responseFormat
    self.responseSchemaBytes = responseSchemaBytes
    self.imageCount = imageCount
    self.maximumOutputTokens = maximumOutputTokens
  }
}

/// The form that an answer must have.
public enum ResponseFormat: UInt8, Sendable, Hashable, CaseIterable {
  /// Free text.
  case text
  /// Any JSON object.
  case jsonObject
  /// JSON that fits a schema.
  case jsonSchema
}
