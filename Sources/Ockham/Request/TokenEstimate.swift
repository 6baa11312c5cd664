/// How many tokens UTF-8 is taken to have before they are counted.
///
/// A token per four bytes is a little high for English prose and about right for code and for scripts of three bytes a
/// character.
public enum TokenEstimate {
  /// Bytes of text to a token.
  public static let bytesPerToken = 4

  /// What a message's role and marks are taken to need, in bytes.
  public static let bytesPerMessage = 16

  /// The tokens of texts and of the messages that they stand in, rounded down.
  ///
  /// - Parameters:
  ///   - bytes: of UTF-8, at least 0.
  ///   - messages: at least 0; 0 for a string by itself.
  public static func tokens(bytes: Int, messages: Int = 0) -> Int {
    (bytes + messages * bytesPerMessage) / bytesPerToken
  }
}
