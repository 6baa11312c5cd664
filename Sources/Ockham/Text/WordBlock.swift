/// Room for the hashes of a block's words, at most one in two of 64 bytes. A reference, because arrays of fixed size are
/// copied as they are handed on.
@safe struct BlockHashes {
  static let byteCount = 32 * MemoryLayout<UInt64>.size
  private let base: UnsafeMutableRawPointer

  init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

  /// The hash of a word by its number in the block, which is not checked.
  @inline(__always) subscript(index: Int) -> UInt64 {
    get { unsafe base.load(fromByteOffset: index &* 8, as: UInt64.self) }
    nonmutating set { unsafe base.storeBytes(of: newValue, toByteOffset: index &* 8, as: UInt64.self) }
  }
}

/// The ASCII words that end within the next 64 bytes, with the gaps before them: places are bits, so that
/// neither the length of a word nor that of a gap is a branch that a processor has to guess.
///
/// A block begins where a gap does (which may be empty) and ends behind its last word.
@safe struct WordBlock {
  /// Bytes that must be readable from a block's start: a word's hash reads sixteen from any of 64.
  static let readableBytes = 80

  /// The block's bytes.
  private let bytes: UnsafeRawPointer
  let masks: ByteMasks
  /// The first bytes of the words.
  let starts: UInt64
  /// The bytes behind the words, as many as ``starts``.
  let ends: UInt64

  /// Where the last word ends, 1 to 63.
  var byteCount: Int { 63 &- ends.leadingZeroBitCount }

  /// The bytes of the block.
  var inside: UInt64 { 1 &<< UInt64(truncatingIfNeeded: byteCount) &- 1 }

  /// Finds the words of the `available` bytes (at least 1) from `bytes` on; `nil` where none ends, or where a byte from
  /// 0x80 up, of which a word may be part, comes before.
  @inline(__always) init?(_ bytes: UnsafeRawPointer, available: Int) {
    let masks = unsafe ByteMasks(bytes)
    let limit = min(masks.asciiCount, available)
    // Words that end at the limit are complete only where the text ends there.
    let whole = limit >= 64 ? UInt64.max : 1 &<< UInt64(limit) &- 1
    let word = masks.word & whole
    let known = limit < available ? whole : whole << 1 | 1
    ends = word << 1 & ~word & known
    if ends == 0 { return nil }
    unsafe self.bytes = bytes
    self.masks = masks
    starts = word & ~(word << 1) & (1 &<< UInt64(63 &- ends.leadingZeroBitCount) &- 1)
  }

  /// The byte at a place, 0 to 64.
  @inline(__always) func byte(_ place: Int) -> UInt8 { unsafe bytes.load(fromByteOffset: place, as: UInt8.self) }

  /// Where the word that starts at a place lies in the text, for a block at `position`.
  @inline(__always) func range(from start: Int, at position: Int) -> Range<Int> {
    let end = (ends & .max << UInt64(start)).trailingZeroBitCount
    return position + start..<position + end
  }

  /// The hash of the word from `start` to `end` if it has at most 16 bytes.
  @inline(__always) func hash(_ start: Int, _ end: Int) -> UInt64 {
    let count = end &- start
    let first = WordHash.absorb(Self.keep(count, of: chunk(start)), into: WordHash.wordSeed)
    let second = WordHash.absorb(Self.keep(count &- 8, of: chunk(start &+ 8)), into: first)
    return count > 8 ? second : first
  }

  @inline(__always) private func chunk(_ index: Int) -> UInt64 {
    WordHash.fold(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
  }

  /// The first `count` bytes of a chunk, at most all; any number of them where `count` is below 1.
  @inline(__always) private static func keep(_ count: Int, of chunk: UInt64) -> UInt64 {
    chunk & UInt64.max &>> UInt64(truncatingIfNeeded: max(0, 64 &- 8 &* count))
  }
}
