/// What the first bytes of an answer show it to be, whatever its `content-type` says: servers and proxies leave it out, or
/// answer whole where a stream was asked for, and the reverse.
enum AnswerShape: Sendable, Hashable {
  /// Server-sent events.
  case events
  /// One JSON value.
  case whole
  case unknown

  /// The shape of an answer by its first bytes; `nil` while there are only white space and byte order marks.
  init?(_ bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    guard let first = rest.first else { return nil }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["): self = .whole
    case UInt8(ascii: ":"): self = .events
    default:
      let fields = ["data", "event", "id", "retry"]
      let isField = fields.contains { rest.starts(with: $0.utf8) || $0.utf8.starts(with: rest) }
      self = isField ? .events : .unknown
    }
  }
}
