extension UInt64 {
  /// The 16 lower-case hexadecimal digits, leading zeros among them: how hashes and identifiers are written everywhere.
  package var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
