import TextKit

/// The place of a request in a distributed trace: the header `traceparent`. Source: W3C Trace Context, level 1.
package struct TraceParent: Sendable, Hashable {
  /// The trace; not 0.
  package var traceHigh: UInt64
  package var traceLow: UInt64

  /// The span that sent the request; not 0.
  package var parent: UInt64

  /// Whether the sender records the trace.
  package var isSampled: Bool

  package init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, isSampled: Bool) {
    self.traceHigh = traceHigh
    self.traceLow = traceLow
    self.parent = parent
    self.isSampled = isSampled
  }

  /// Reads a header; `nil` for anything but what the standard allows, which is then as good as no header.
  package init?(_ header: String) {
    let bytes = Array(header.utf8.prefix(512))
    guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
      let version = Self.number(bytes[0..<2]), version != 0xFF,
      bytes.count == 55 || (version > 0 && bytes[55] == UInt8(ascii: "-")),
      let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
      let parent = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55])
    else { return nil }
    guard high | low != 0, parent != 0 else { return nil }
    self.init(traceHigh: high, traceLow: low, parent: parent, isSampled: flags & 1 == 1)
  }

  /// The header to send on.
  package var header: String {
    "00-\(traceHigh.hexadecimal)\(traceLow.hexadecimal)-\(parent.hexadecimal)-\(isSampled ? "01" : "00")"
  }

  /// Lower-case hexadecimal digits only, as the standard asks.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }
}
