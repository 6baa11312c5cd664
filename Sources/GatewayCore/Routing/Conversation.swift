import Ockham
import Statistics
import TextKit

/// Which conversation a request belongs to.
///
/// Named by the client in a header, or else told by its key, its system messages and its first user message: those that
/// every later request of the conversation repeats. Two conversations that begin alike count as one, which does no harm
/// but that they share a tier.
struct Conversation: Sendable, Hashable {
  let id: UInt64

  /// Whether the request goes on with something: only then is the conversation's tier looked up.
  let hasHistory: Bool

  /// What is hashed of each message's head and of its tail, in bytes; its length counts too. Byte by byte, all of a long
  /// system message would take longer than to score the request.
  private static let hashedBytes = 192

  init(_ request: Request, name: String?, key: String?) {
    var hash = ContentHash(key ?? "")
    if let name, !name.isEmpty {
      hash.append(1)
      Self.add(name, to: &hash)
      hasHistory = true
    } else {
      hash.append(2)
      for segment in Self.opening(of: request) { Self.add(segment, to: &hash) }
      hasHistory = request.segments.contains { $0.role == .assistant }
    }
    id = SplitMix64.mixed(hash.value)
  }

  /// System messages up to the first user message, and that one.
  private static func opening(of request: Request) -> ArraySlice<Segment> {
    let end = request.segments.firstIndex { $0.role != .system } ?? request.segments.endIndex
    return request.segments.prefix(end + 1)
  }

  private static func add(_ segment: Segment, to hash: inout ContentHash) {
    hash.append(segment.role.rawValue)
    add(segment.role == .system ? withoutBillingLine(segment.text) : segment.text, to: &hash)
  }

  /// Claude Code's first system line is another in every request: it counts what the client pays, and names no conversation.
  private static func withoutBillingLine(_ text: String) -> String {
    guard text.hasPrefix("x-anthropic-billing-header:") else { return text }
    return String(text.drop { !$0.isNewline })
  }

  private static func add(_ text: String, to hash: inout ContentHash) {
    let bytes = text.utf8Span.span
    var count = UInt64(bytes.count)
    for _ in 0..<8 {
      hash.append(UInt8(truncatingIfNeeded: count))
      count >>= 8
    }
    hash.append(bytes.extracting(first: hashedBytes))
    hash.append(bytes.extracting(last: min(hashedBytes, max(0, bytes.count - hashedBytes))))
  }

  /// A number from 0 up to 1 that is fixed for the conversation and a purpose, and unlike that of other purposes.
  func share(for purpose: String) -> Double {
    Double(SplitMix64.mixed(id ^ ContentHash(purpose).value) >> 11) * 0x1p-53
  }
}
