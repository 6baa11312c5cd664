/// Words for messages about texts that must not be shown.
package enum SafeText {
  /// The longest label that messages quote, in bytes.
  package static let maximumLabelBytes = 64

  /// A text by its length and hash: `1,234 bytes, hash 3f9a12cd`. Nothing of the text itself is given away.
  package static func describe(_ text: some StringProtocol) -> String {
    "\(NumberFormat.count(text.utf8.count)) bytes, hash \(ContentHash(text).short)"
  }

  /// A label (model, tier, role) in quotes if it looks like one, else by length and hash.
  ///
  /// A label is at most ``maximumLabelBytes`` of ASCII letters, digits and `._:/@+-`: no sentence passes.
  package static func label(_ text: some StringProtocol, maximumBytes: Int = maximumLabelBytes) -> String {
    isLabel(text, maximumBytes: maximumBytes) ? "\"\(text)\"" : "a string of " + describe(text)
  }

  /// A value found where a label from a short list was expected: quoted only up to 20 bytes, shorter than any key.
  package static func word(_ text: some StringProtocol) -> String { label(text, maximumBytes: 20) }

  private static func isLabel(_ text: some StringProtocol, maximumBytes: Int) -> Bool {
    guard !text.isEmpty, text.utf8.count <= maximumBytes else { return false }
    return text.utf8.allSatisfy(isLabelByte)
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "-")...UInt8(ascii: ":"): true
    case UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "+"): true
    default: false
    }
  }
}
