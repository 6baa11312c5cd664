/// Finds the ``LexicalClass``es of a word by its hash: an open-addressed table with linear probing, about an eighth full,
/// so that a word that is not listed (most are not) costs one load and one comparison.
struct Lexicon {
  private static let slotBits = 13
  private var keys: [UInt64]
  private var masks: [UInt64]

  /// The table of all classes.
  init() {
    keys = [UInt64](repeating: 0, count: 1 << Self.slotBits)
    masks = keys
    for lexicalClass in LexicalClass.allCases {
      for word in lexicalClass.words.description.utf8.split(separator: UInt8(ascii: " ")) {
        insert(WordHash.hash(word: word), bit: 1 << UInt64(lexicalClass.rawValue))
      }
    }
  }

  private mutating func insert(_ hash: UInt64, bit: UInt64) {
    var slot = Self.slot(hash)
    while keys[slot] != 0, keys[slot] != hash { slot = (slot + 1) & (keys.count - 1) }
    keys[slot] = hash
    masks[slot] |= bit
  }

  /// The classes of the word with this hash, one bit each; 0 for a word that is not listed.
  @inline(__always) func classes(of hash: UInt64) -> UInt64 {
    var slot = Self.slot(hash)
    while keys[slot] != hash {
      if keys[slot] == 0 { return 0 }
      slot = (slot + 1) & (keys.count - 1)
    }
    return masks[slot]
  }

  @inline(__always) private static func slot(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - slotBits)) }
}
