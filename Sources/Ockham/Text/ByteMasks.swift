/// Classes of eight bytes at once. Each result has bit 7 of every byte of its class set and all other bits clear.
struct ByteClasses {
  let word: UInt64
  let digit: UInt64
  let upper: UInt64
  let space: UInt64

  /// `chunk` may hold any bytes; those from 0x80 up are in no class.
  @inline(__always) init(_ chunk: UInt64) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = chunk & (0x7F &* ones)
    let folded = low | (0x20 &* ones)
    let ascii = ~chunk & (0x80 &* ones)
    let letter = (folded &+ (0x1F &* ones)) & ~(folded &+ (0x05 &* ones)) & ascii
    digit = (low &+ (0x50 &* ones)) & ~(low &+ (0x46 &* ones)) & ascii
    word = letter | digit
    upper = letter & ~(chunk << 2)
    space = ~((low ^ (0x20 &* ones)) &+ (0x7F &* ones)) & ascii
  }

  /// Bit 7 of the eight bytes as eight bits, the lowest byte's first.
  @inline(__always) static func gather(_ tops: UInt64) -> UInt64 { (tops &* 0x0002_0408_1020_4081) &>> 56 }
}

/// Classes of 64 bytes: one bit per byte, the first byte's lowest.
struct ByteMasks {
  /// ASCII letters and digits.
  private(set) var word: UInt64 = 0
  private(set) var digit: UInt64 = 0
  private(set) var upper: UInt64 = 0
  private(set) var space: UInt64 = 0
  /// The number of bytes before the first one from 0x80 up.
  let asciiCount: Int

  /// Reads 64 bytes.
  @inline(__always) init(_ bytes: UnsafeRawPointer) {
    var tops: UInt64 = 0
    for index in 0..<8 {
      let chunk = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self))
      let (classes, shift) = (ByteClasses(chunk), UInt64(8 &* index))
      word |= ByteClasses.gather(classes.word) &<< shift
      digit |= ByteClasses.gather(classes.digit) &<< shift
      upper |= ByteClasses.gather(classes.upper) &<< shift
      space |= ByteClasses.gather(classes.space) &<< shift
      tops |= chunk
    }
    asciiCount = tops & 0x8080_8080_8080_8080 == 0 ? 64 : unsafe Self.countASCII(bytes)
  }

  private static func countASCII(_ bytes: UnsafeRawPointer) -> Int {
    for index in 0..<8 {
      let chunk = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self))
      let tops = chunk & 0x8080_8080_8080_8080
      if tops != 0 { return 8 * index + tops.trailingZeroBitCount / 8 }
    }
    return 64
  }
}
