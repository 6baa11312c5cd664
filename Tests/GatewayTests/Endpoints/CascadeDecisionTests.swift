import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamCLI

/// What `ockham route` says of rows that keep an answer, by a model with a cascade.
@Suite struct CascadeDecisionTests {
  private func record(_ outcomes: [ModelOutcome], served: String? = nil) -> LogRecord {
    var record = LogRecord(id: "r", request: Request(prompt: "How many?"), outcomes: outcomes)
    record.served = served
    return record
  }

  private func object(_ record: LogRecord, _ fixture: CascadeFixture = CascadeFixture()) throws -> [String: Any] {
    var text = DecisionText(router: Router(model: try fixture.model()), format: .json)
    let json = try JSONSerialization.jsonObject(with: Data(text.line(record))) as? [String: Any]
    return try #require(json)
  }

  @Test func anAnswerIsAcceptedOrMovesOn() throws {
    for (text, isGood) in [("It is 42", true), ("Who knows", false)] {
      let decision = try object(record([ModelOutcome(name: "small", answer: .text(text))]))
      let cascade = try #require(decision["cascade"] as? [String: Any])
      #expect(cascade["start"] as? String == "small" && cascade["answered"] as? String == "small")
      #expect(cascade["accepted"] as? Bool == isGood && cascade["next"] as? String == (isGood ? nil : "frontier"))
      let probability = try #require(cascade["probability"] as? [String: Double])
      #expect(Set(probability.keys) == ["small", "frontier"] && (probability["small"] ?? 0.5 > 0.5) == isGood)
      let gain = try #require(cascade["gain"] as? Double), threshold = try #require(cascade["threshold"] as? Double)
      #expect((gain >= threshold) == !isGood)
      let movedBy = try #require(cascade["moved_by"] as? [[String: Any]])
      #expect(movedBy.first?["feature"] as? String == "ends_with_digit" && movedBy.count == 1)
      #expect((movedBy.first?["value"] as? Double ?? 0 < 0) == isGood, "against the tier above")
    }
  }

  /// The answer of the tier that served counts before others; of a tier without a head there is nothing to say.
  @Test func whoseAnswerItIs() throws {
    let top = ModelOutcome(name: "frontier", answer: .text("7"))
    let none = try #require(try object(record([top]))["cascade"] as? [String: Any])
    #expect(none["answered"] is NSNull && none["accepted"] is NSNull && none["start"] as? String == "small")
    let both = try #require(
      try object(record([top, ModelOutcome(name: "small", answer: .text("8"))], served: "frontier"))["cascade"]
        as? [String: Any])
    #expect(both["answered"] as? String == "small")
    #expect(try object(record([top]), CascadeFixture(hasCascade: false))["cascade"] == nil)
  }

  @Test func theTableSaysIt() throws {
    var text = DecisionText(router: Router(model: try CascadeFixture().model()), format: .table)
    #expect(String(decoding: text.header, as: UTF8.self).hasSuffix("answer\n"))
    let row = String(
      decoding: text.line(record([ModelOutcome(name: "small", answer: .text("no idea"))])), as: UTF8.self)
    #expect(row.hasSuffix("small 0.000 → frontier\n"), "\(row)")
    #expect(String(decoding: text.line(record([])), as: UTF8.self).hasSuffix("start at small\n"))
  }
}
