/// SHA-256 as FIPS 180-4 defines it, over bytes that may come in pieces.
///
/// It is here because the runtime imports nothing; it finds damage, and keeps no secret.
///
///     var hash = SHA256()
///     hash.absorb(bytes.span)
///     hash.hexadecimal        // 64 lower-case digits
struct SHA256 {
  private static let blockBytes = 64

  private var state = SIMD8<UInt32>(
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19)
  /// The first `pendingCount` bytes wait for a block to be full.
  private var pending = [UInt8](repeating: 0, count: blockBytes)
  private var pendingCount = 0
  private var byteCount: UInt64 = 0

  /// Takes in more bytes.
  ///
  /// - Complexity: O(bytes), no allocation.
  mutating func absorb(_ bytes: Span<UInt8>) {
    byteCount &+= UInt64(bytes.count)
    var index = 0
    while pendingCount > 0, index < bytes.count {
      append(bytes[index])
      index += 1
    }
    while bytes.count - index >= Self.blockBytes {
      state = Self.compress(bytes.extracting(index..<(index + Self.blockBytes)), into: state)
      index += Self.blockBytes
    }
    while index < bytes.count {
      append(bytes[index])
      index += 1
    }
  }

  /// The digest of all bytes so far, 64 lower-case hexadecimal digits; more may follow.
  var hexadecimal: String {
    var last = self
    last.pad()
    var digits = ""
    for word in 0..<8 {
      let text = String(last.state[word], radix: 16)
      digits += String(repeating: "0", count: 8 - text.count) + text
    }
    return digits
  }

  /// A one, zeros, and the number of bits in the last eight bytes of a block.
  private mutating func pad() {
    let bitCount = byteCount &* 8
    append(0x80)
    while pendingCount != Self.blockBytes - 8 { append(0) }
    for byte in 0..<8 { append(UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * byte))) }
  }

  private mutating func append(_ byte: UInt8) {
    pending[pendingCount] = byte
    pendingCount += 1
    guard pendingCount == Self.blockBytes else { return }
    state = Self.compress(pending.span, into: state)
    pendingCount = 0
  }

  /// The compression function over one block of 64 bytes.
  private static func compress(_ block: Span<UInt8>, into state: SIMD8<UInt32>) -> SIMD8<UInt32> {
    // Read through a span: a subscript of the array itself copies it in every round.
    let expanded = schedule(block)
    let words = expanded.span
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    // Eight rounds rename the eight words back to themselves, so that none of them is moved.
    var round = 0
    while round < 64 {
      step(a, b, c, &d, e, f, g, &h, words[round] &+ constants[round])
      step(h, a, b, &c, d, e, f, &g, words[round + 1] &+ constants[round + 1])
      step(g, h, a, &b, c, d, e, &f, words[round + 2] &+ constants[round + 2])
      step(f, g, h, &a, b, c, d, &e, words[round + 3] &+ constants[round + 3])
      step(e, f, g, &h, a, b, c, &d, words[round + 4] &+ constants[round + 4])
      step(d, e, f, &g, h, a, b, &c, words[round + 5] &+ constants[round + 5])
      step(c, d, e, &f, g, h, a, &b, words[round + 6] &+ constants[round + 6])
      step(b, c, d, &e, f, g, h, &a, words[round + 7] &+ constants[round + 7])
      round += 8
    }
    return state &+ SIMD8(a, b, c, d, e, f, g, h)
  }

  /// One round, before its words are renamed: only `d` and `h` change.
  @inline(__always) private static func step(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
  ) {
    let choice = g ^ (e & (f ^ g))
    let majority = (a & b) | (c & (a | b))
    let first = h &+ sum(e, 6, 11, 25) &+ choice &+ word
    d = d &+ first
    h = first &+ sum(a, 2, 13, 22) &+ majority
  }

  /// The message schedule: sixteen big-endian words of the block, then 48 made of them.
  @inline(__always) private static func schedule(_ block: Span<UInt8>) -> InlineArray<64, UInt32> {
    var words = InlineArray<64, UInt32>(repeating: 0)
    for word in 0..<16 {
      words[word] =
        UInt32(block[4 * word]) << 24 | UInt32(block[4 * word + 1]) << 16 | UInt32(block[4 * word + 2]) << 8
        | UInt32(block[4 * word + 3])
    }
    for word in 16..<64 {
      let (old, new) = (words[word - 15], words[word - 2])
      let first = rotate(old, 7) ^ rotate(old, 18) ^ (old >> 3)
      let second = rotate(new, 17) ^ rotate(new, 19) ^ (new >> 10)
      words[word] = words[word - 16] &+ first &+ words[word - 7] &+ second
    }
    return words
  }

  @inline(__always) private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }

  @inline(__always) private static func sum(_ word: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32) -> UInt32 {
    rotate(word, a) ^ rotate(word, b) ^ rotate(word, c)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: InlineArray<64, UInt32> = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
  ]
}
