/// Finds the ``LexicalClass``es of a word by its hash: a table without collisions, about half full.
///
/// The low bits of a hash choose a group, the group's multiplier the slot (Belazzougui, Botelho and Dietzfelbinger 2009,
/// with multipliers for displacements). A look-up is thus three loads and one comparison whatever the word, and needs no
/// branch, which a processor could not foresee: about half of all words are listed. 36 KB are looked at.
struct Lexicon {
  fileprivate static let groupBits = 9
  fileprivate static let slotBits = 11
  /// Per group an odd number that sends its words to slots of their own, then per slot the hash of its word (0 for none)
  /// and its classes: bits 0 to 47 are the classes, bytes 6 and 7 the first one's place among the counts and the second one's
  /// (0 for none). No word has more than two.
  private var table: [UInt64]

  /// The table of all classes.
  init() {
    table = [UInt64](repeating: 1, count: 1 << Self.groupBits)
    for _ in 0..<1 << Self.slotBits { table += [0, Self.none] }
    for group in Self.groupsOfWords().sorted(by: { $0.count > $1.count }) { place(group) }
  }

  /// The listed words by group.
  private static func groupsOfWords() -> [[ListedWord]] {
    var groups = [[ListedWord]](repeating: [], count: 1 << groupBits)
    for lexicalClass in LexicalClass.allCases {
      for word in lexicalClass.words.description.utf8.split(separator: UInt8(ascii: " ")) {
        let (hash, bit) = (WordHash.hash(word: word), UInt64(1) << UInt64(lexicalClass.rawValue))
        let group = Self.group(hash)
        if let index = groups[group].firstIndex(where: { $0.hash == hash }) {
          groups[group][index].mask |= bit
        } else {
          groups[group].append(ListedWord(hash: hash, mask: bit))
        }
      }
    }
    return groups
  }

  /// Tries multipliers until the words of a group fall into different free slots.
  private mutating func place(_ words: [ListedWord]) {
    guard let first = words.first else { return }
    var seed: UInt64 = 0
    var slots: [Int] = []
    while slots.count < words.count {
      seed += 1
      slots = []
      let multiplier = WordHash.mix(seed, WordHash.chunkMultiplier) | 1
      table[Self.group(first.hash)] = multiplier
      for word in words {
        let slot = Self.slot(word.hash, multiplier)
        guard table[slot] == 0, !slots.contains(slot) else { break }
        slots.append(slot)
      }
    }
    for (word, slot) in zip(words, slots) { (table[slot], table[slot + 1]) = (word.hash, word.entry) }
  }

  /// Calls `body` with a reader.
  @inline(__always) func read(_ body: (LexiconReader) -> Void) {
    unsafe table.withUnsafeBufferPointer { body(unsafe LexiconReader($0)) }
  }

  /// The classes of the word with this hash, one bit each; 0 for a word that is not listed.
  func classes(of hash: UInt64) -> UInt64 {
    let slot = Self.slot(hash, table[Self.group(hash)])
    return table[slot] == hash ? table[slot + 1] & Self.classBits : 0
  }
}

/// A word of the lists: its hash and its classes.
private struct ListedWord {
  let hash: UInt64
  var mask: UInt64

  /// What a slot says about the word.
  var entry: UInt64 {
    let second = mask & (mask - 1)
    precondition(second & (second &- 1) == 0, "a listed word is in more than two classes")
    let place = second == 0 ? 0 : UInt64(second.trailingZeroBitCount)
    return place << 56 | UInt64(mask.trailingZeroBitCount) << 48 | mask
  }
}

extension Lexicon {
  /// The entry of no word: the place among the counts for what is in no class.
  fileprivate static let none: UInt64 = 48 << 48
  fileprivate static let classBits: UInt64 = 1 << 48 - 1

  @inline(__always) fileprivate static func group(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash & (1 << UInt64(groupBits) - 1))
  }

  /// Where in the table a slot is.
  @inline(__always) fileprivate static func slot(_ hash: UInt64, _ multiplier: UInt64) -> Int {
    1 << groupBits &+ 2 &* Int(truncatingIfNeeded: (hash &* multiplier) &>> UInt64(64 - slotBits))
  }
}

/// Reads a ``Lexicon`` without looking at bounds: groups and slots are as many as their indices have values.
@safe struct LexiconReader {
  private let table: UnsafeBufferPointer<UInt64>

  fileprivate init(_ table: UnsafeBufferPointer<UInt64>) { unsafe self.table = table }

  @inline(__always) private func entry(of hash: UInt64) -> UInt64 {
    let slot = Lexicon.slot(hash, unsafe table[Lexicon.group(hash)])
    // 1 for another word, 0 for this one; written so that the compiler makes no branch of it.
    let difference = unsafe table[slot] ^ hash
    let isOther = (difference | (0 &- difference)) &>> 63
    return unsafe Lexicon.none ^ ((Lexicon.none ^ table[slot &+ 1]) & (isOther &- 1))
  }

  /// The classes of the word with this hash, one bit each; 0 for a word that is not listed.
  @inline(__always) func classes(of hash: UInt64) -> UInt64 { entry(of: hash) & Lexicon.classBits }

  /// Counts the classes of the first `count` words.
  @inline(__always) func count(_ hashes: BlockHashes, count: Int, into counts: inout ClassCounts) {
    for index in 0..<count { self.count(hashes[index], into: &counts) }
  }

  /// Counts each class of the word with this hash once. Places 48 to 63 of `counts` take what is in no class, in turns of
  /// the hash: a place can be added to only every few cycles.
  @inline(__always) func count(_ hash: UInt64, into counts: inout ClassCounts) {
    let entry = entry(of: hash)
    let isNone = ((entry & Lexicon.classBits) &- 1) &>> 63
    let place = Int(truncatingIfNeeded: (entry &>> 48 & 63) | (hash & 15 & (0 &- isNone)))
    unsafe counts[unchecked: place] &+= 1
    let second = Int(truncatingIfNeeded: entry &>> 56)
    if second != 0 { counts[second] &+= 1 }
  }
}
