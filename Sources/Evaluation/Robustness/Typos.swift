import Statistics

/// Slips of the keyboard: in words of more than three letters, each letter behind the first is, with a chance of 1 in
/// 50, swapped with the next one, dropped or doubled. Words with digits or underscores and code fences stay as they are.
struct Typos {
  /// One letter in this many is hit.
  static let lettersPerTypo = 50
  /// Words of up to this many letters are spared.
  static let sparedLetters = 3

  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// - Complexity: O(bytes).
  mutating func apply(to text: String) -> String {
    let fence = "```"
    var parts: [String] = []
    for (index, part) in text.split(separator: fence, omittingEmptySubsequences: false).enumerated() {
      parts.append(index.isMultiple(of: 2) ? misspelt(part) : String(part))
    }
    return parts.joined(separator: fence)
  }

  private mutating func misspelt(_ text: Substring) -> String {
    var result: [Character] = []
    var word: [Character] = []
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        result += misspelt(word) + [character]
        word.removeAll(keepingCapacity: true)
      }
    }
    return String(result + misspelt(word))
  }

  private mutating func misspelt(_ word: [Character]) -> [Character] {
    guard word.count > Self.sparedLetters, word.allSatisfy(\.isLetter) else { return word }
    var result = [word[0]]
    var index = 1
    while index < word.count {
      let isHit = generator.next(below: Self.lettersPerTypo) == 0
      index += isHit ? slip(word, at: index, into: &result) : Self.copy(word[index], into: &result)
    }
    return result
  }

  private static func copy(_ letter: Character, into result: inout [Character]) -> Int {
    result.append(letter)
    return 1
  }

  /// Writes a slip; says how many letters it used up.
  private mutating func slip(_ word: [Character], at index: Int, into result: inout [Character]) -> Int {
    switch generator.next(below: 3) {
    case 0: return 1
    case 1 where index + 1 < word.count:
      result += [word[index + 1], word[index]]
      return 2
    default:
      result += [word[index], word[index]]
      return 1
    }
  }
}
