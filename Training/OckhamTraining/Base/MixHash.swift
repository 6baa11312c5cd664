import TextKit

/// A 64-bit hash of numbers in order, by multiplying and folding: names data in files and messages. It distinguishes data;
/// it does not protect it from someone who wants two to look alike.
struct MixHash {
  private var state: UInt64 = 0x6A09_E667_F3BC_C908

  mutating func absorb(_ value: UInt64) {
    let product = (state ^ value).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    state = product.high ^ product.low
  }

  /// The hash of what was absorbed.
  var value: UInt64 { state }

  /// The same, as 16 hexadecimal digits.
  var hexadecimal: String { state.hexadecimal }
}
