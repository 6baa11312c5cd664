/// Finds files that the parser would not come to an end with.
///
/// It compares the keys of a mapping, and a key may be a list or a mapping. With aliases in it, which stand for lists of aliases, a
/// file of twenty lines has a key of millions of values.
enum AliasScan {
  /// So few aliases make no tree large: the worst multiply a file by 3^(8/3).
  private static let harmlessAliases = 8

  /// Whether a file has aliases, and a key that may be no name. What stands in comments and quotes counts too: distinguishing them
  /// would be parsing.
  static func mayCompareTrees(_ text: some Sequence<UInt8>) -> Bool {
    var aliases = 0
    var hasTreeAsKey = false
    /// The last byte; the last one of its line that is not blank, with `*` for a whole alias.
    var last = UInt8(ascii: "\n"), visible = last
    var isInAlias = false
    /// A colon stands behind `]`: a key, or the port of an address.
    var isAwaitingPort = false
    for byte in text {
      if isAwaitingPort { hasTreeAsKey = hasTreeAsKey || !byte.isDigit }
      isAwaitingPort = false
      let isStart = isBlank(last) || "[{,:?".utf8.contains(last)
      if isInAlias, isName(byte) { continue }
      isInAlias = false
      switch byte {
      case UInt8(ascii: "*") where isStart:
        aliases += 1
        isInAlias = true
      case UInt8(ascii: "?") where isStart: hasTreeAsKey = true
      case UInt8(ascii: ":") where visible == UInt8(ascii: "]"): isAwaitingPort = true
      case UInt8(ascii: ":") where visible == UInt8(ascii: "}") || visible == UInt8(ascii: "*"): hasTreeAsKey = true
      default: break
      }
      last = byte
      if !isBlank(byte) || byte == UInt8(ascii: "\n") { visible = byte }
    }
    return aliases > harmlessAliases && (hasTreeAsKey || isAwaitingPort)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func isName(_ byte: UInt8) -> Bool {
    byte.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }
}
