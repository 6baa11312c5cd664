import Foundation
import Ockham
import Testing

@testable import RequestLog
@testable import TextKit

@Suite struct TextTests {
  @Test func hashesAgreeWithPython() throws {
    for golden in try #require(try Golden.values()["hashes"]) {
      let text = try #require(golden["text"] as? String)
      #expect(
        String(ContentHash(text).value, radix: 16) == (golden["full"] as? String).map { String($0.drop { $0 == "0" }) })
      #expect(ContentHash(text).short == golden["short"] as? String)
      #expect(text.utf8.count == golden["bytes"] as? Int)
    }
  }

  @Test func canonicalSizesAgreeWithPython() throws {
    let document = try #require(JSONDocument(maximumBytes: 1 << 20))
    for golden in try #require(try Golden.values()["canonical"]) {
      try document.parse(copying: try #require(golden["indented"] as? String).utf8)
      #expect(CanonicalJSON.byteCount(of: document.root) == golden["bytes"] as? Int, "\(golden)")
    }
  }

  @Test func timesAgreeWithPython() throws {
    for golden in try #require(try Golden.values()["times"]) {
      let seconds = try #require(golden["seconds"] as? Double)
      #expect(CivilTime.timestamp(seconds: seconds) == golden["text"] as? String)
      #expect(CivilTime.isTimestamp(CivilTime.timestamp(seconds: seconds)))
      #expect(try record(#"{"prompt":"x","timestamp":\#(seconds)}"#).timestamp == golden["text"] as? String)
    }
  }

  /// Every day from 1970 to 2400 follows the one before.
  @Test func days() {
    var expected = (year: 1970, month: 1, day: 1)
    for day in 0..<157_000 {
      #expect(CivilTime.date(days: day) == expected)
      expected.day += 1
      if expected.day > CivilTime.days(inMonth: expected.month, year: expected.year) {
        expected = (expected.year, expected.month + 1, 1)
      }
      if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
    }
  }

  @Test(arguments: [
    "2025-03-01", "2025-03-01T12:00", "2025-03-01T12:00:00", "2025-03-01 12:00:00.123456Z", "2025-03-01T12:00:00+02:00",
    "2024-02-29T23:59:60-0330", "2025-03-01T12:00:00z",
  ])
  func timestamps(text: String) { #expect(CivilTime.isTimestamp(text)) }

  @Test(arguments: [
    "", "2025", "2025-3-1", "2025-13-01", "2025-02-29", "2025-03-00", "2025-03-01T", "2025-03-01T24:00",
    "2025-03-01T12:60",
    "2025-03-01T12:00:00.", "2025-03-01T12:00:00+25", "2025-03-01T12:00:00Zx", "2025-03-01X12:00", "٢٠٢٥-03-01",
  ])
  func noTimestamps(text: String) { #expect(!CivilTime.isTimestamp(text)) }

  @Test func counts() {
    #expect([0, 999, 1000, 1_234_567, -1234].map(NumberFormat.count) == ["0", "999", "1,000", "1,234,567", "-1,234"])
  }

  @Test func labels() {
    #expect(SafeText.label("nvidia/llama-3.3_x:free@1+") == "\"nvidia/llama-3.3_x:free@1+\"")
    #expect(SafeText.label("two words") == "a string of 9 bytes, hash \(ContentHash("two words").short)")
    #expect(!SafeText.label(String(repeating: "a", count: 65)).contains("aa"))
    #expect(!SafeText.word("sk-0123456789abcdefghij").contains("sk-"), "as long as a key")
  }

  @Test func redaction() throws {
    let line =
      #"{"id":"a","dataset":"d","messages":[{"role":"system","content":"swordfish"},{"role":"assistant"},"#
      + #"{"role":"user","content":"swordfish"}],"tools":[{"name":"find"}],"outcomes":{"m":{"quality":1}},"tier":"small"}"#
    let original = try record(line)
    let redacted = original.redacted()
    let marker = "[9 bytes, hash \(ContentHash("swordfish").short)]"
    #expect(redacted.request.segments.map(\.text) == [marker, "", marker])
    #expect(redacted.request.attributes == original.request.attributes && redacted.outcomes == original.outcomes)
    #expect(redacted.id == "a" && redacted.dataset == "d" && redacted.tier == "small")
    try redacted.validate()
    var answered = original
    answered.outcomes[0].answer = .message(
      AnswerMessage(
        text: "swordfish", toolCalls: [.init(name: "find", arguments: "swordfish"), .init(name: "g")],
        finishReason: "stop", logprobs: [-1]))
    answered.outcomes.append(ModelOutcome(name: "n", answer: .text("swordfish")))
    #expect(
      answered.redacted().outcomes.map(\.answer) == [
        .message(
          AnswerMessage(
            text: marker, toolCalls: [.init(name: "find", arguments: marker), .init(name: "g")], finishReason: "stop",
            logprobs: [-1])),
        .text(marker),
      ])
    var encoder = RecordEncoder()
    #expect(!String(decoding: encoder.line(for: redacted), as: UTF8.self).contains("swordfish"))
  }
}
