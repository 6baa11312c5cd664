import Ockham

/// What kind of text a prompt is made of.
enum TextKind: String, CaseIterable {
  /// English prose with marks, numbers, names and line breaks.
  case english
  /// English around indented source code.
  case code
  /// Sentences in Latin, Greek, Cyrillic, Han, Hangul and Arabic letters, with emoji.
  case mixed
}

/// Made-up prompts: drawn from a word list, the same in every run.
struct Prompts {
  private var draws: SplitMix64

  init(seed: UInt64) { draws = SplitMix64(state: seed) }

  /// A prompt of exactly `byteCount` bytes; the last character is spaces where it would not fit.
  mutating func next(_ kind: TextKind, byteCount: Int) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(byteCount + 200)
    while text.count <= byteCount { text += Array(piece(kind).utf8) }
    var end = byteCount
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    text.removeSubrange(end...)
    text += [UInt8](repeating: 0x20, count: byteCount - end)
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func piece(_ kind: TextKind) -> String {
    switch kind {
    case .english: sentence()
    case .code: draws.below(3) == 0 ? sentence() : codeLine()
    case .mixed: draws.below(3) == 0 ? sentence() : Self.foreign[draws.below(Self.foreign.count)]
    }
  }

  private mutating func sentence() -> String {
    var result = word().capitalisedFirst
    for _ in 0..<(4 + draws.below(14)) {
      if draws.below(9) == 0 { result += "," }
      result += " "
      switch draws.below(40) {
      case 0: result += "\(draws.below(3_000))"
      case 1: result += "\(draws.below(90)).\(draws.below(9))"
      case 2: result += word().capitalisedFirst
      case 3: result += word() + "-" + word()
      default: result += word()
      }
    }
    return result + [". ", ". ", ". ", "? ", ".\n", ":\n- "][draws.below(6)]
  }

  private mutating func codeLine() -> String {
    let indent = String(repeating: "    ", count: draws.below(3))
    let (a, b) = (word(), word())
    switch draws.below(5) {
    case 0: return "\(indent)if \(a)_\(b) == \(draws.below(100)):\n"
    case 1: return "\(indent)\(a) = self.\(b)(\(word()), \"\(word())\")\n"
    case 2: return "\(indent)for \(a.prefix(1)) in range(len(\(b))):\n"
    case 3: return "\(indent)return {\"\(a)\": \(b)[\(draws.below(9))] + \(word())}  # \(word()) \(word())\n"
    default: return "\(indent)def \(a)\(b.capitalisedFirst)(self, \(word())=None):\n"
    }
  }

  /// Short words are drawn more often, as in English.
  private mutating func word() -> String {
    draws.below(5) < 2 ? Self.common[draws.below(Self.common.count)] : Self.rare[draws.below(Self.rare.count)]
  }

  private static let common = split("the a of to in and is that it for was on are as with be by at this not or an from")
  private static let rare = split(
    """
    report customer garden explain winter paper compare number between several engine without machine letter answer \
    which question system understand describe following process market result value people water light energy \
    government history theory simple difference calculate summary translate message problem solution temperature \
    pressure function example development company service information experience relationship international if when \
    each red blue tree house river stone bridge small large quick old new first last year month week plan cost risk \
    write list table check please should could what how why who me you we they model data test error code string \
    responsibility characteristics organisation significantly approximately philosophical
    """)
  private static let foreign = [
    "Die Übersetzung wäre für größere Häuser möglich. ", "Le garçon préfère déjà l'été à la forêt. ",
    "Ποια είναι η διαφορά μεταξύ των δύο; ", "Объясните, почему вода кипит при ста градусах. ",
    "请把下面的句子翻译成英文。", "この文章を要約してください。", "다음 문장을 설명해 주세요. ", "اشرح الفرق بين الكلمتين. ", "OK 🙂👍 — “fine” …\n",
  ]

  private static func split(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// A small generator of numbers (Steele, Lea, Flood 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
