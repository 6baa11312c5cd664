import Ockham
import Statistics
import TextKit

/// Which conversation a request belongs to.
///
/// Named by the client in a header, or else recognised by its key, its system messages and its first user message: those that
/// every later request of the conversation repeats. Read of a request without what the program around the model adds, which
/// changes from turn to turn. Where an agent names its session, that counts too, and of the system messages the beginning
/// alone: agents write all kinds of news further down, but other helpers of the same session begin otherwise. Two
/// conversations that begin alike count as one, which does no harm but that they share a tier.
struct Conversation: Sendable, Hashable {
  let id: UInt64

  /// Whether the request goes on with something: only then is the conversation's tier looked up.
  let hasHistory: Bool

  /// Whether it goes on with the result of a tool: the same turn as before.
  let isToolContinuation: Bool

  /// What is hashed of each message's head and of its tail, in bytes; its length counts too. Byte by byte, all of a long
  /// system message would take longer than to score the request.
  private static let hashedBytes = 192

  /// - Parameters:
  ///   - request: as it is scored.
  ///   - name: the client's name of the conversation.
  ///   - session: an agent's name of its session, which may hold several conversations; see ``AgentSession``.
  init(_ request: Request, name: String?, session: String? = nil, key: String?) {
    var hash = ContentHash(key ?? "")
    if let name, !name.isEmpty {
      hash.append(1)
      Self.add(name, to: &hash)
      hasHistory = true
    } else {
      hash.append(session == nil ? 2 : 3)
      if let session { Self.add(session, to: &hash) }
      for segment in Self.opening(of: request) {
        hash.append(segment.role.rawValue)
        if session != nil, segment.role == .system {
          hash.append(segment.text.utf8Span.span.extracting(first: Self.hashedBytes))
        } else {
          Self.add(segment.text, to: &hash)
        }
      }
      hasHistory = request.segments.contains { $0.role == .assistant }
    }
    isToolContinuation = request.isToolContinuation
    id = SplitMix64.mixed(hash.value)
  }

  /// System messages up to the first user message, and that one.
  private static func opening(of request: Request) -> [Segment] {
    let first = request.segments.firstIndex { $0.role == .user }
    let end = first ?? request.segments.firstIndex { $0.role != .system } ?? request.segments.endIndex
    return request.segments[..<end].filter { $0.role == .system } + request.segments[end...].prefix(1)
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
