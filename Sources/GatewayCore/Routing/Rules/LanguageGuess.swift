/// Guesses the language of a text from its script, and among languages in Latin letters from their commonest words.
///
/// A guess, for rules that are content with one: short texts, code and mixed languages have none or a wrong one. Only
/// ``Rule/languages`` are ever guessed; one that is close to them (Danish, Catalan, Ukrainian) may pass for a
/// neighbour.
package enum LanguageGuess {
  /// What is read of a text, in Unicode scalars.
  private static let window = 2048

  /// The language of a text; `nil` where too little speaks for one.
  ///
  /// - Complexity: O(1): the first 2,048 scalars are read.
  package static func language(of text: String) -> String? {
    var counts = ScriptCounts()
    var words: [String] = []
    var word = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(window) {
      counts.add(scalar)
      if ScriptCounts.isLatin(scalar) {
        word.append(scalar)
      } else if !word.isEmpty {
        words.append(String(word).lowercased())
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { words.append(String(word).lowercased()) }
    return counts.language ?? latinLanguage(of: words)
  }

  /// The language with the most common words, where it has at least two of them, or one in a text of up to four words,
  /// and more than any other.
  private static func latinLanguage(of words: [String]) -> String? {
    var hits: [String: Int] = [:]
    for word in words { for language in common[word] ?? [] { hits[language, default: 0] += 1 } }
    let ranked = hits.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
    guard let best = ranked.first, best.value >= (words.count <= 4 ? 1 : 2) else { return nil }
    if ranked.count > 1, ranked[1].value == best.value { return nil }
    return best.key
  }

  /// Common words, with the languages that have them.
  private static let common: [String: [String]] = {
    var languages: [String: [String]] = [:]
    for (language, words) in lists {
      for word in words.split(separator: " ") { languages[String(word), default: []].append(language) }
    }
    return languages
  }()

  private static let lists = [
    (
      "en",
      "the and of to is are was what how why which this that with for you your please write from it not have can my"
    ),
    (
      "de",
      "der die das und ist sind war wie warum welche welcher ein eine nicht mit für auf von zu ich bitte den dem im es"
    ),
    (
      "fr",
      "le la les et est sont une un des du dans pour qui que quoi comment pourquoi avec vous je pas sur au ce quelle"
    ),
    (
      "es",
      "el la los las y es son una un de en por para qué que cómo con no se del al mi cuál está por favor lo"
    ),
    (
      "it",
      "il lo la gli e è sono una un di in per che come perché con non si del della mi qual quale questo favore i"
    ),
    (
      "pt",
      "o a os as e é são uma um de em por para que como porque com não se do da no na meu qual você isso favor"
    ),
    (
      "nl",
      "de het een en is zijn was wat hoe waarom welke van voor met niet op te ik je dat dit alsjeblieft mijn aan er"
    ),
  ]
}

/// How many letters of each script a text has.
private struct ScriptCounts {
  private var latin = 0
  private var cyrillic = 0
  private var han = 0
  private var kana = 0
  private var hangul = 0
  private var arabic = 0

  static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x17F: true
    default: false
    }
  }

  mutating func add(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x400...0x4FF: cyrillic += 1
    case 0x600...0x6FF, 0x750...0x77F: arabic += 1
    case 0x3040...0x30FF: kana += 1
    case 0x1100...0x11FF, 0xAC00...0xD7AF: hangul += 1
    case 0x3400...0x4DBF, 0x4E00...0x9FFF: han += 1
    default: if Self.isLatin(scalar) { latin += 1 }
    }
  }

  /// The language of a script other than Latin that has most of the letters. A character of Chinese, Japanese or Korean
  /// weighs as much as three letters.
  var language: String? {
    let eastern = 3 * (han + kana + hangul)
    let most = max(latin, cyrillic, arabic, eastern)
    if most == 0 || most == latin { return nil }
    if most == cyrillic { return "ru" }
    if most == arabic { return "ar" }
    if hangul >= max(han, kana) { return "ko" }
    return kana * 10 >= han ? "ja" : "zh"
  }
}
