import Foundation
import Testing
import TextKit

@testable import RequestLog

/// Cells, times and scores over all the ways in which they are written.
@Suite struct CellSweepTests {
  /// A number with its thousands separated in every usual way is that number, with either sign.
  @Test func separatedThousandsAreRead() {
    for value in [0, 7, 999, 1_000, 12_345, 999_999, 1_000_000, 123_456_789] {
      let plain = "\(value)"
      for separator in [",", " ", "\u{A0}", "\u{2009}", "\u{202F}", "'", "\u{2019}", ""] {
        let groups = stride(from: plain.count, to: 0, by: -3).reversed().map { end in
          String(plain.prefix(end).suffix(min(3, end)))
        }
        let text = groups.joined(separator: separator)
        #expect(CellNumber.decimal(text) == Double(value), "\(text)")
        #expect(
          CellNumber.decimal("-" + text + ".25") == -(Double(value) + 0.25)
            && CellNumber.decimal("+" + text) == Double(value))
        // A cell of a table with decimal commas has points there.
        let german = groups.joined(separator: ".")
        #expect(
          CellNumber.decimalWithComma(german + ",5") == Double(value) + 0.5
            && CellNumber.decimalWithComma("-" + german) == -Double(value))
      }
    }
  }

  @Test(arguments: [
    ",5", "1,", "1,,000", "1,00,000", "1,2345", "0,123,456", "1 00", "12 34", "1'0000", "1,000,00", "1.2.3", "--1",
    "1-", "1,000 000",
    "٣", "1e", "e1", "0x10", "inf", "nan", "", " ", "1,000.0.0",
  ]) func otherTextsAreNoThousands(text: String) {
    let isDecimalComma = text == "1,2345"
    #expect(CellNumber.decimal(text) == (isDecimalComma ? 1.2345 : nil))
  }

  /// A comma is a decimal one only where it can be nothing else.
  @Test func commasAreDecimalWhereTheyMustBe() {
    for whole in ["0", "1", "12", "123", "1234"] {
      for places in 1...5 {
        let text = whole + "," + String(repeating: "5", count: places)
        let mustBe = places != 3 || whole == "0" || whole.count > 3
        #expect(
          CellNumber.hasDecimalComma(text) == mustBe && CellNumber.hasDecimalComma("-" + text) == mustBe, "\(text)")
        let number = Double(text.replacing(",", with: mustBe ? "." : ""))
        #expect(CellNumber.decimal(text) == number)
      }
    }
    #expect(["1", "1,2,3", "a,b", ",", "1,a", "1;2"].allSatisfy { !CellNumber.hasDecimalComma($0) })
  }

  /// One moment in all units and spellings.
  @Test func oneMomentIsOneTime() {
    let spellings: [JSONNode] = [
      .integer(1_748_772_000), .integer(1_748_772_000_000), .integer(1_748_772_000_000_000),
      .integer(1_748_772_000_000_000_000), .string("1748772000"), .string("2025-06-01T10:00:00Z"),
      .string("2025-06-01T10:00:00"), .string("2025-06-01 10:00:00 UTC"), .string("2025/06/01 10:00:00"),
      .string("Sunday, 1 June 2025 10:00:00 GMT"), .string("June 1, 2025, 10:00:00 AM"),
      .string("Jun 01, 2025 10:00:00"),
      .string("2025-06-01T12:00:00+02:00"), .string("2025-06-01T12:00:00+0200"), .string("2025-06-01T12:00:00+02"),
      .string("2025-06-01T04:30:00.000-05:30"), .object(["$date": .object(["$numberLong": .string("1748772000000")])]),
      .object(["_seconds": .integer(1_748_772_000)]),
    ]
    for spelling in spellings {
      #expect(ExchangeTime.seconds(spelling) == 1_748_772_000, "\(spelling.jsonText)")
      #expect(ExchangeTime.timestamp(spelling).flatMap(CivilTime.seconds) == 1_748_772_000, "\(spelling.jsonText)")
    }
    // What is too much for seconds is milliseconds, also of 1975.
    #expect(ExchangeTime.seconds(.integer(157_766_400_000)) == 157_766_400)
    for none in [
      JSONNode.null, .string(""), .string("yesterday"), .integer(-5), .number(1e25), .boolean(true), .array([]),
    ] {
      #expect(ExchangeTime.seconds(none) == nil && ExchangeTime.timestamp(none) == nil)
    }
  }

  /// A zone behind minutes is no second: what has no seconds says nothing of how long something took.
  @Test(arguments: [
    "2025-06-01T12:00+02", "2025-06-01T12:00+0200", "2025-06-01T12:00+02:00", "2025-06-01T12:00", "2025-06-01",
  ])
  func timesToTheMinuteHaveNoDuration(text: String) {
    #expect(CivilTime.isTimestamp(text))
    #expect(ExchangeTime.seconds(.string(text)) == nil)
    #expect(ExchangeTime.milliseconds(from: .string(text), to: .string("2025-06-01T23:00:00Z")) == nil)
  }

  /// All hours of a day, in halves of twelve.
  @Test func halvesOfDaysAreHours() {
    for hour in 0..<24 {
      let twelve = hour % 12 == 0 ? 12 : hour % 12
      for half in hour < 12 ? ["AM", "am"] : ["PM", "pm"] {
        let text = JSONNode.string("Jun 1, 2025, \(twelve):05:07 \(half)")
        #expect(ExchangeTime.seconds(text) == Double(1_748_736_000 + hour * 3_600 + 307), "\(hour)")
      }
    }
  }

  @Test func durationsAreToTheMicrosecondAndNeverNegative() {
    let start = JSONNode.string("2025-06-01T10:00:00.25Z")
    #expect(ExchangeTime.milliseconds(from: start, to: .string("2025-06-01T10:00:01,750125Z")) == 1500.125)
    #expect(ExchangeTime.milliseconds(from: start, to: start) == 0)
    #expect(ExchangeTime.milliseconds(from: start, to: .string("2025-06-01T10:00:00Z")) == nil)
    #expect(
      ExchangeTime.milliseconds(from: start, to: nil) == nil && ExchangeTime.milliseconds(from: .null, to: start) == nil
    )
  }

  /// Marks of every scale are spread over 0…1 in equal steps, and nothing beyond the ends is taken.
  @Test(arguments: [1.0...5, 0...10, -1...1, 0...100, 0.5...2.5]) func marksAreSpreadEvenly(range: ClosedRange<Double>)
  {
    var scale = RatingScale()
    scale.range = range
    let width = range.upperBound - range.lowerBound
    for step in 0...8 {
      let mark = range.lowerBound + width * Double(step) / 8
      let quality = scale.quality(of: .number(mark))
      #expect(abs((quality ?? -1) - Double(step) / 8) < 1e-12 && quality == scale.quality(of: .string(" \(mark) ")))
    }
    for mark in [range.lowerBound - 0.01 * width, range.upperBound + 0.01 * width] {
      #expect(scale.quality(of: .number(mark)) == nil)
    }
    #expect(scale.quality(of: .number(range.upperBound + 1e-8 * width)) == 1)
    // Shares and words say their worth themselves.
    #expect(scale.quality(of: .string("25 %")) == 0.25 && scale.quality(of: .string("3/4")) == 0.75)
    #expect(scale.quality(of: .string("Good!")) == 1 && scale.quality(of: .boolean(false)) == 0)
  }

  @Test func namedWorthsComeFirst() {
    var scale = RatingScale()
    scale.range = 1...5
    scale.words = ["up": 0.25, "3": 0.5, "true": 0.75, "50%": 1]
    let found = ["UP", " up ", "3", "3.0", "50%", "5", "down"].map { scale.quality(of: .string($0)) }
    #expect(found == [0.25, 0.25, 0.5, 0.5, 1, 1, 0])
    #expect(scale.quality(of: .integer(3)) == 0.5 && scale.quality(of: .boolean(true)) == 0.75 && scale.namesNumbers)
    for none in [
      JSONNode.null, .string(""), .string("3/0"), .string("5/4"), .string("-1/4"), .string("120%"), .string("up down"),
      .array([]),
    ] {
      #expect(scale.quality(of: none) == nil, "\(none.jsonText)")
    }
    scale.range = 1...1
    #expect(scale.quality(of: .integer(1)) == nil, "a scale without width says nothing")
  }

  @Test(arguments: [
    ([0.5, 3], "0..5"), ([1, 5], "1..5"), ([7, 2], "1..10"), ([0, 7], "0..10"), ([0.5, 80], "0..100"),
    ([250, 3], "0..250"), ([-1, 1], "-1..1"),
    ([-3, 2], "-3..2"), ([-0.5, 2], "-0.5..2"),
  ]) func scalesAreGuessedFromTheirEnds(marks: [Double], range: String) {
    var seen = MarksSeen()
    for (line, mark) in marks.enumerated() {
      seen.add(.number(mark), isQuality: (0...1).contains(mark), at: LogPlace(path: "f", position: .line(line + 1)))
    }
    seen.add(.string("word"), isQuality: false, at: LogPlace(path: "f", position: .line(9)))
    #expect(seen.range == range)
    let first = marks.firstIndex { !(0...1).contains($0) }
    #expect(seen.areMarks == (first != nil) && seen.place == (first.map { "f:\($0 + 1)" } ?? ""))
  }

  @Test func wordsThatAreNoScoresAreShownOnce() {
    var unread = UnreadScores()
    #expect(unread.sentence == nil)
    for word in ["meh", "meh", "a", "b", "c"] { unread.add(word) }
    #expect(unread.sentence?.hasPrefix(#"words that are no scores: "meh", "a", "b", "c"; say "#) == true)
    for word in ["what somebody wrote in full", "d", "d"] { unread.add(word) }
    let sentence = unread.sentence ?? ""
    #expect(
      sentence.contains("a string of 27 bytes") && !sentence.contains("somebody") && sentence.contains(" and more; "))
  }

  @Test(arguments: [
    ("User Prompt", "user_prompt"), ("userPrompt", "user_prompt"), ("user-prompt", "user_prompt"),
    ("USER_PROMPT", "user_prompt"),
    ("latencyMs2", "latency_ms2"), ("  a..b  ", "a_b"), ("HTTPStatus", "httpstatus"), ("m1Score", "m1_score"),
    ("größeÄ", "größe_ä"), ("", ""), ("__", ""),
  ]) func namesHaveTheirWords(name: String, words: String) {
    #expect(FieldName.words(of: name) == words && FieldName.words(of: words) == words)
  }
}

/// Python's print of values, written by hand and read again.
@Suite struct PythonLiteralSweepTests {
  private struct Printer {
    var generator: SplitMix

    mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator) ?? values[0] }

    mutating func text() -> String {
      (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        pick(["a", "'", "\"", "\\", "\n", "\t", "é", "😀", "{", "]", ",", ":", "\u{301}", "None"])
      }.joined()
    }

    /// A text between quotes of either kind, its characters as they are or escaped.
    mutating func quoted(_ text: String) -> String {
      let quote = pick(["'", "\""])
      let inner = text.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        case "'", "\"": "\(scalar)" == quote || pick([true, false]) ? "\\\(scalar)" : "\(scalar)"
        case _ where scalar.value > 0xFFFF:
          pick(["\(scalar)", "\\U000" + String(scalar.value, radix: 16)])
        case _ where scalar.value > 0x7F && scalar.value < 0x100:
          pick(["\(scalar)", "\\x" + String(scalar.value, radix: 16)])
        default: "\(scalar)"
        }
      }
      return quote + inner.joined() + quote
    }

    mutating func value(depth: Int) -> (node: JSONNode, text: String) {
      switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
      case 0: return pick([(.null, "None"), (.null, "nan"), (.boolean(true), "True"), (.boolean(false), "False")])
      case 1:
        return pick([(.integer(-12), "-12"), (.number(1.5), "1.5"), (.number(1e-7), "1e-07"), (.number(0.5), ".5")])
      case 2...4:
        let text = text()
        return (.string(text), quoted(text))
      case 5: return (.null, "datetime.date(2025, \(Int.random(in: 1...9, using: &generator)), 3, fold=0)")
      case 6:
        let parts = (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth: depth - 1) }
        let list = parts.map(\.text).joined(separator: pick([", ", " ", "\n "]))
        let form = pick([("[", "]"), ("(", ",)"), ("array([", "], dtype=object)")])
        return (.array(parts.map(\.node)), form.0 + list + form.1)
      default:
        let parts = (0..<Int.random(in: 0...3, using: &generator)).map { ("\($0)" + text(), value(depth: depth - 1)) }
        var texts: [String] = []
        for (key, value) in parts { texts.append(quoted(key) + ": " + value.text) }
        return (
          .object(parts.map { JSONMember(key: $0.0, value: $0.1.node) }), "{" + texts.joined(separator: ", ") + "}"
        )
      }
    }
  }

  @Test func valuesAreReadAsTheyWerePrinted() {
    var printer = Printer(generator: SplitMix(state: 3))
    for _ in 0..<600 {
      let parts = (0..<Int.random(in: 0...3, using: &printer.generator)).map { _ in printer.value(depth: 3) }
      let text = "[" + parts.map(\.text).joined(separator: ", ") + "]"
      #expect(PythonLiteral.parse(text) == .array(parts.map(\.node)), "\(text)")
      // Without its end it is none, and with more behind it neither.
      #expect(
        PythonLiteral.parse(String(text.unicodeScalars.dropLast())) == nil && PythonLiteral.parse(text + "]") == nil)
    }
  }

  @Test func depthIsBounded() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{'a': ", "}"), ("array(", ")")] {
      func nested(_ depth: Int) -> String {
        "[" + String(repeating: open, count: depth) + "[]" + String(repeating: close, count: depth) + "]"
      }
      #expect(PythonLiteral.parse(nested(20)) != nil && PythonLiteral.parse(nested(62)) != nil, "\(open)")
      #expect(PythonLiteral.parse(nested(63)) == nil && PythonLiteral.parse(nested(100_000)) == nil, "\(open)")
    }
  }

  @Test(arguments: [
    "", "7", "'a'", "None", "[1 2", "[1]]", "{'a'}", "{'a' 1}", "{1, 2}", "[a]", "[b'x']", "[1] [2]", "[f(x]", "[1+]",
    "['\\",
  ])
  func otherTextsAreNoLiterals(text: String) { #expect(PythonLiteral.parse(text) == nil) }
}

/// Bytes of files, in pieces of every size.
@Suite struct InputSweepTests {
  private func all(_ input: any ByteInput, bufferBytes: Int = 7) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: bufferBytes)
    while true {
      let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe input.read(into: $0) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
    ("\u{FEFF}" + text).utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBigEndian ? [high, low] : [low, high]
    }
  }

  /// Cut anywhere, a text is what comes before the cut, or it is said that half a character is missing.
  @Test(arguments: [true, false]) func textsInUTF16AreReadToTheirEnd(isBigEndian: Bool) throws {
    let text = "a\r\n\u{7F}é\u{7FF}\u{800}\u{FFFD}\u{10000}😀\u{10FFFF}z"
    let bytes = utf16(text, isBigEndian: isBigEndian)
    for end in 0...bytes.count {
      for pieceBytes in [1, 2, 3, 5, 64] {
        let input = UTF16Input(PieceInput(Array(bytes[..<end]), pieceBytes: pieceBytes))
        let units = Array(text.utf16.prefix(max(0, end / 2 - 1)))
        if end % 2 == 0, units.last.map(UTF16.isLeadSurrogate) != true {
          #expect(
            try all(input) == Array(String(decoding: units, as: UTF16.self).utf8), "\(end) in pieces of \(pieceBytes)")
        } else {
          guard case .notALog("pieces", let found, _) = logError({ _ = try all(input) }) else {
            Issue.record("\(end) is read"); continue
          }
          #expect(found == "UTF-16 text with half a character at its end")
        }
      }
    }
    for units in [[0xDC00, 0x61], [0xD800, 0x61], [0xD800, 0xD800, 0xDC00], [0xD83D, 0xFEFF]] as [[UInt16]] {
      let damaged = ([0xFEFF] + units).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      guard
        case .notALog(_, "UTF-16 text with half a pair of surrogates", _) = logError({
          _ = try all(UTF16Input(PieceInput(damaged, pieceBytes: 3)))
        })
      else { Issue.record("\(units) is read"); continue }
    }
  }

  /// Lines by every mix of line ends, against the definition: CR LF is one end, and each of its parts by itself is.
  @Test func linesAreCountedByEveryEnd() throws {
    var (texts, longest) = ([""], [""])
    for _ in 0..<6 {
      longest = longest.flatMap { text in ["a", "\r", "\n"].map { text + $0 } }
      texts += longest
    }
    for text in texts {
      for pieceBytes in [1, 3] {
        var reader = ByteReader(PieceInput(Array(text.utf8), pieceBytes: pieceBytes))
        var (line, last) = (1, UInt8(0))
        while let byte = try reader.next() {
          if byte == 0x0D || byte == 0x0A && last != 0x0D { line += 1 }
          last = byte
          #expect(reader.line == line)
        }
      }
    }
  }

  private static let lists = "[ {\"a\":\"}]\\\"\"}\n,{\"b\":[{},\"{\"]} ,\r\n 7,\"x{\\\"\", [\n{\"c\":{\"d\":{}}}] ]\n"
  private static let objects = ["1 {\"a\":\"}]\\\"\"}", "2 {\"b\":[{},\"{\"]}", "4 {\"c\":{\"d\":{}}}"]

  /// Objects of a list, whatever stands around and in them; cut anywhere, the text is refused.
  @Test func objectsAreCutOutOfALargeText() throws {
    func read(_ bytes: [UInt8], pieceBytes: Int) throws -> [String] {
      var scanner = ObjectScanner(PieceInput(bytes, pieceBytes: pieceBytes))
      var found: [String] = []
      while let piece = try scanner.next() {
        found.append("\(piece.line) " + String(decoding: piece.bytes, as: UTF8.self))
      }
      return found
    }
    let bytes = Array(Self.lists.utf8)
    for pieceBytes in [1, 2, 5, 1_000] {
      #expect(try read(bytes, pieceBytes: pieceBytes) == Self.objects)
      for end in 0..<bytes.count - 1 {
        guard
          case .notALog("pieces", let found, _) = logError({
            _ = try read(Array(bytes[..<end]), pieceBytes: pieceBytes)
          })
        else {
          Issue.record("\(end) bytes are read")
          continue
        }
        #expect(found.hasPrefix("the end of the file inside "))
      }
    }
    for (text, says) in [
      ("[{}]]", "a closing bracket too many at line 1"), ("[{}]\n[{}]", "a second JSON text at line 2"),
      ("[{}] x", "another text at line 1"),
      (String(repeating: "[", count: 17), "arrays nested deeper than 16"),
      ("", "the end of the file inside the JSON text"),
    ] {
      guard case .notALog(_, let found, _) = logError({ _ = try read(Array(text.utf8), pieceBytes: 9) }) else {
        Issue.record("\(text)"); continue
      }
      #expect(found.hasPrefix(says), "\(found)")
    }
    #expect(
      try read(
        Array((String(repeating: "[", count: 15) + "[{}]" + String(repeating: "]", count: 15)).utf8), pieceBytes: 9)
        == ["1 {}"])
  }

  /// The same of texts in which objects stand one behind the other: of a cut one it is said how much of it there is.
  @Test func objectsOneBehindTheOther() throws {
    let pieces = ["{\"a\":\"}\\\"{\"}", "{\"b\":{}}", "{\"c\":[\"]\"]}", "{\"d\":1}"]
    let expected = zip([1, 1, 2, 3], pieces).map { "\($0) \($1)" }
    let between = ["\u{FEFF}", "", "\r\n[", ",\n", "]\u{1E}"]
    // Where each object begins and ends.
    var (bytes, places): ([UInt8], [Range<Int>]) = (Array(between[0].utf8), [])
    for (piece, next) in zip(pieces, between.dropFirst()) {
      places.append(bytes.count..<bytes.count + piece.utf8.count)
      bytes += Array((piece + next).utf8)
    }
    for end in 3...bytes.count {
      for pieceBytes in [1, 4, 100] {
        var scanner = JSONTextScanner(PieceInput(Array(bytes[..<end]), pieceBytes: pieceBytes))
        var (found, reasons): ([String], [RejectionReason]) = ([], [])
        while let piece = try scanner.next() {
          if let violation = piece.violation {
            reasons.append(violation.reason)
          } else {
            found.append("\(piece.line) " + String(decoding: piece.bytes, as: UTF8.self))
          }
        }
        #expect(found == zip(places, expected).filter { $0.0.upperBound <= end }.map(\.1), "\(end)")
        #expect(
          reasons == (places.contains { $0.lowerBound < end && end < $0.upperBound } ? [.truncated] : []), "\(end)")
      }
    }
    var other = JSONTextScanner(PieceInput(Array("{}\n\nx{}".utf8), pieceBytes: 2))
    #expect(try other.next()?.line == 1)
    guard case .notALog(_, "something else than JSON objects at line 3", _) = logError({ _ = try other.next() }) else {
      Issue.record("x is read"); return
    }
    var long = JSONTextScanner(
      PieceInput(Array("{\"a\":1}{\"b\":\"0123456789\"}".utf8), pieceBytes: 4), maximumBytes: 10)
    #expect(try long.next()?.violation == nil)
    #expect(try long.next()?.violation?.reason == .tooLong)
  }
}

/// Answers that were logged as they were streamed.
@Suite struct StreamedReplyTests {
  private func delta(_ delta: String, _ more: String = "") -> String {
    #"{"model":"m","choices":[{"delta":\#(delta)}]\#(more)}"#
  }

  private func joined(_ chunks: [String], asLines: Bool) throws -> JSONNode? {
    if asLines {
      let lines = chunks.map { "event: x\r\ndata: \($0)\r\n\r\n" }.joined() + ": a comment\n\ndata: [DONE]\n"
      return StreamedReply.joined(.string(lines))
    }
    return StreamedReply.joined(try JSONParser.parse(Array("[\(chunks.joined(separator: ","))]".utf8)))
  }

  /// Wherever a server cut the text, it is the same text.
  @Test(arguments: [true, false]) func piecesAreOneText(asLines: Bool) throws {
    let text = "So, \u{1F600} it \"is\"."
    for first in text.indices {
      for second in text.indices where second >= first {
        let pieces = [text[..<first], text[first..<second], text[second...]].map {
          JSONNode.string(String($0)).jsonText
        }
        let chunks =
          [delta(#"{"role":"assistant","content":null}"#)] + pieces.map { delta("{\"content\":\($0)}") }
          + [#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, #"{"choices":[],"usage":{"completion_tokens":5}}"#]
        let whole = try #require(try joined(chunks, asLines: asLines))
        let choice = try #require(whole["choices"]?.elements?.first)
        #expect(choice["message"]?["content"]?.string == text && choice["finish_reason"]?.string == "stop")
        #expect(whole["model"]?.string == "m" && whole["usage"]?["completion_tokens"]?.integer == 5)
        #expect(choice["message"]?["tool_calls"] == nil)
      }
    }
  }

  /// Calls by their index, whatever the order of their pieces; an index that no answer has costs no memory.
  @Test func callsArePutTogetherByTheirIndex() throws {
    func call(_ index: String, _ function: String) -> String {
      delta(#"{"tool_calls":[{"index":\#(index),"function":\#(function)}]}"#)
    }
    let chunks = [
      call("1", #"{"name":"second","arguments":""}"#), call("0", #"{"name":"fir","arguments":"{\"a\""}"#),
      call("1", #"{"arguments":"[1"}"#),
      call("0", #"{"name":"st","arguments":":1}"}"#), call("1", #"{"arguments":",2]"}"#),
      call("1000000000000", #"{"name":"x"}"#),
      call("-1", #"{"name":"x"}"#), call("256", #"{"name":"x"}"#),
    ]
    for asLines in [true, false] {
      let message = try #require(try joined(chunks, asLines: asLines)?["choices"]?.elements?.first?["message"])
      let calls = try #require(message["tool_calls"]?.elements)
      #expect(calls.map { $0["function"]?["name"]?.string } == ["first", "second"])
      #expect(
        calls.map { $0["function"]?["arguments"]?.string } == [#"{"a":1}"#, "[1,2]"] && message["content"]?.string == ""
      )
    }
  }

  @Test(arguments: [true, false]) func blocksAreOneMessage(asLines: Bool) throws {
    let chunks = [
      #"{"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","content_block":{"type":"text","text":""}}"#,
      #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"{\"not\""}}"#,
      #"{"type":"content_block_delta","delta":{"type":"text_delta","text":":1}"}}"#,
      #"{"type":"content_block_start","content_block":{"type":"tool_use","name":"f","input":{}}}"#,
      #"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
      #"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"[1]}"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
      #"{"type":"message_stop"}"#,
    ]
    let message = try #require(try joined(chunks, asLines: asLines))
    #expect(
      message.jsonText
        == #"{"model":"m","role":"assistant","content":[{"type":"text","text":"{\"not\":1}"},{"type":"tool_use","name":"f","input":{"a":[1]}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":9}}"#
    )
  }

  @Test func otherValuesAreNoStreams() throws {
    let response = #"{"type":"response.created"},{"type":"response.completed","response":{"output":[1]}}"#
    #expect(try joined([response], asLines: false)?.jsonText == #"{"output":[1]}"#)
    for value in [
      "\"So.\"", "\"data: nothing\"", "\"data: {\\\"a\\\":1}\"", "[]", "[1]", "[{\"a\":1}]", "{}", "null", "7",
      "[{\"choices\":[]}]",
    ] {
      #expect(StreamedReply.joined(try JSONParser.parse(Array(value.utf8))) == nil, "\(value)")
    }
  }
}
