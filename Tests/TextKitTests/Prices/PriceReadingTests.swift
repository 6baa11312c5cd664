import Testing

@testable import TextKit

/// What a price catalogue says, and what is said of one that is damaged.
@Suite struct PriceReadingTests {
  private func catalogue(_ json: String) throws -> PriceCatalogue { try PriceCatalogue(json: Array(json.utf8)) }

  private func message(_ json: String) throws -> String {
    let error = #expect(throws: PriceCatalogueError.self) { try catalogue(json) }
    return "\(try #require(error))"
  }

  @Test func everyFieldHasItsPlace() throws {
    let price = try #require(
      try catalogue(
        """
        {"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6,"cache_read_input_token_cost":3e-6,
        "cache_creation_input_token_cost":4e-6,"cache_creation_input_token_cost_above_1hr":5e-6,
        "output_cost_per_reasoning_token":6e-6,"input_cost_per_audio_token":7e-6,"output_cost_per_audio_token":8e-6,
        "max_input_tokens":9.0,"max_output_tokens":10,"mode":"chat","supports_vision":true,"supports_reasoning":false,
        "supports_function_calling":null,"cache_read_input_token_cost_priority":11e-6,
        "cache_creation_input_token_cost_above_200k_tokens":12e-6,"input_cost_per_token_above_0k_tokens":1,
        "input_cost_per_token_above_x_tokens":1,"input_cost_per_token_above_99999999k_tokens":1}}
        """
      ).prices["m"])
    var expected = Price(input: 1e-6, output: 2e-6)
    (expected.cachedInput, expected.cacheWrite, expected.longCacheWrite) = (3e-6, 4e-6, 5e-6)
    (expected.reasoning, expected.audioInput, expected.audioOutput) = (6e-6, 7e-6, 8e-6)
    (expected.contextTokens, expected.maximumOutputTokens) = (9, 10)
    (expected.support.images, expected.support.reasoning) = (true, false)
    var (priority, step) = (PriceChange(), PriceStep(aboveTokens: 200_000))
    (priority.cachedInput, step.change.cacheWrite) = (11e-6, 12e-6)
    (expected.serviceTiers, expected.steps) = ([.priority: priority], [step])
    #expect(price == expected)
  }

  /// The last step that a prompt is longer than counts, for what it says and nothing else.
  @Test func stepsCountFromTheNextToken() {
    var price = Price(input: 1, output: 2)
    price.cachedInput = 3
    for (tokens, input) in [(1_000, 10.0), (5_000, 20)] {
      var step = PriceStep(aboveTokens: tokens)
      step.change.input = input
      price.steps.append(step)
    }
    for tokens in [0, 999, 1_000, 1_001, 4_999, 5_000, 5_001, .max] {
      let found = price.forPrompt(tokens: tokens)
      #expect(found.input == (tokens > 5_000 ? 20 : tokens > 1_000 ? 10 : 1), "\(tokens)")
      #expect(found.output == 2 && found.cachedInput == 3 && found.steps.isEmpty)
    }
    #expect(price.served(.flex) == price && price.served(nil) == price)
  }

  @Test func faultsNameEntryFieldAndWhatWasFound() throws {
    #expect(
      try message(#"{"gpt":{"input_cost_per_token":2.5}}"#)
        == #"price catalogue: "gpt".input_cost_per_token: expected USD per token, from 0 to 0.01, found 2.5; fix or remove it"#
    )
    #expect(
      try message(#"{"gpt":{"supports_vision":"yes"}}"#).contains(
        #""gpt".supports_vision: expected true or false, found a string"#))
    #expect(try message(#"{"gpt":{"max_input_tokens":8.5}}"#).contains("expected an integer of tokens, found 8.5"))
    #expect(
      try message(#"{"gpt":{"input_cost_per_token_above_8k_tokens":-1}}"#).contains(
        "input_cost_per_token_above_8k_tokens: "))
    #expect(
      try message(#"{"gpt":{"output_cost_per_token_flex":[]}}"#).contains("output_cost_per_token_flex: expected USD"))
    #expect(
      try message(#"{"gpt":null}"#)
        == #"price catalogue: "gpt": expected an object of prices, found null; fix or remove it"#)
    #expect(
      try message("[]")
        == "price catalogue: expected an object of models to prices, found an array; is this the right file?")
    #expect(try message("{\"a\":") == "price catalogue: expected a value at byte 5, found something else; fix the JSON")
    // Neither a long number nor a name that is no label is repeated.
    let long = try message(#"{"a key sk-123":{"input_cost_per_token":\#(String(repeating: "9", count: 30))}}"#)
    #expect(long.contains("found a number; ") && !long.contains("sk-123") && long.contains("a string of 12 bytes"))
  }

  @Test func aFloodOfFaultsIsCut() throws {
    let entries = (0..<25).map { #""m\#($0)":{"input_cost_per_token":-1}"# }.joined(separator: ",")
    let lines = try message("{\(entries)}").split(separator: "\n")
    #expect(lines.count == 21 && lines.first?.contains("\"m0\"") == true)
    #expect(lines.dropLast().last?.contains("\"m19\"") == true && lines.last == "… and 5 more")
  }

  /// What is known in one place fills what is unknown in the other; what both know is the other's.
  @Test func supportIsOverriddenPartByPart() {
    let states: [Bool?] = [nil, true, false]
    for (_, path) in ModelSupport.names {
      for own in states {
        for other in states {
          var (first, second) = (ModelSupport(), ModelSupport())
          (first[keyPath: path], second[keyPath: path]) = (own, other)
          var expected = ModelSupport()
          expected[keyPath: path] = other ?? own
          #expect(first.overridden(by: second) == expected)
        }
      }
    }
    #expect(Set(ModelSupport.names.map(\.name)).count == 6)
  }

  @Test func amountsAreFreeOfBinaryDigits() {
    #expect(Price.rounded(0.1 + 0.2) == 0.3 && Price.rounded(1e-13) == 0 && Price.rounded(-0.1 - 0.2) == -0.3)
    #expect(Price.rounded(123.456_789_012_345_6) == 123.456_789_012_346)
  }
}
