/// What the scan of a request counts, before it becomes dense features.
///
/// Counts are of the question (the last user segment) unless a name says otherwise.
///
/// It is not copyable, because a copy costs as much as scanning a short request.
struct TextStatistics: ~Copyable {
  // Bytes per place, over the whole text, not only the window.
  var questionBytes = 0
  var systemBytes = 0
  var historyBytes = 0
  var omittedBytes = 0

  // Turns.
  var userTurns = 0
  var assistantTurns = 0
  var toolResults = 0

  // Words.
  var words = 0
  var wordBytes = 0
  var shortWords = 0
  var longWords = 0
  var veryLongWords = 0
  var capitalisedWords = 0
  var upperCaseWords = 0
  var numbers = 0
  var numberBytes = 0
  var longestNumber = 0
  var years = 0
  var decimals = 0
  var mixedWords = 0
  var distinctGrams = 0
  var grams = 0
  var openingClasses: UInt64 = 0

  // Sentences and lines.
  var sentences = 0
  var lines = 0
  var blankLines = 0
  var longestLineBytes = 0
  var bulletLines = 0
  var numberedLines = 0
  var choiceLines = 0
  var indentedLines = 0
  var headingLines = 0
  var tableLines = 0
  var quotedLines = 0
  var fences = 0
  var commands = 0
  var blanks = 0
  var callMarks = 0
  var stemBytes = 0
  var stemWords = 0
  var numbersInChoices = 0

  /// Words per lexical class.
  var classes = ClassCounts(repeating: 0)
  /// Words per lexical class in the system segments.
  var systemClasses = ClassCounts(repeating: 0)
  /// How often each byte value occurs.
  var bytes = InlineArray<256, Int32>(repeating: 0)
}

/// Words per ``LexicalClass``; the last sixteen places are a ``Lexicon``'s own.
typealias ClassCounts = InlineArray<64, Int32>

extension TextStatistics {
  /// Occurrences of one ASCII character.
  @inline(__always) mutating func count(_ character: Unicode.Scalar) -> Int { Int(bytes[Int(character.value)]) }

  /// Occurrences of any byte in a range.
  @inline(__always) mutating func count(in range: ClosedRange<UInt8>) -> Int {
    var total: Int32 = 0
    for byte in range { total &+= bytes[Int(byte)] }
    return Int(total)
  }

  /// Words of one lexical class.
  @inline(__always) mutating func count(_ lexicalClass: LexicalClass) -> Int { Int(classes[lexicalClass.rawValue]) }
}
