import Testing
import TextKit

@testable import ChatProtocols

/// Answers that are good but for a few bytes.
struct LooseJSONTests {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func answer(_ text: [UInt8]) -> [UInt8] {
    bytes(#"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":""#) + text + bytes(#""}}]}"#)
  }

  @Test(
    arguments: [
      (answer([0x68, 0xE2, 0x82]), "h\u{FFFD}"), (answer([0xA9, 0x68]), "\u{FFFD}h"), (mark + answer([0x68]), "h"),
      (answer(Array("h\ni\t".utf8)), "h\ni\t"), (answer([0x68, 0x5C, 0x22, 0x0A, 0xFF]), "h\"\n\u{FFFD}"),
    ] as [([UInt8], String)])
  func aByteThatIsWrongCostsNoAnswer(body: [UInt8], content: String) throws {
    let answer = try OpenAICodec().answer(from: body)
    #expect(answer.choices[0].content == content)
    #expect(answer.isMended, "a client could not read it as it came")
  }

  @Test func placesStay() throws {
    let text = Self.mark + bytes(#"{"a":"x"#) + [0x0A, 0xC3] + bytes(#"é","b":1}"#)
    let cleaned = LooseJSON.cleaned(text, keepsLength: true)
    #expect(cleaned.count == text.count)
    #expect(String(decoding: cleaned, as: UTF8.self) == #"   {"a":"x ?é","b":1}"#)
  }

  @Test func aCharacterOverTwoEventsCostsNoStream() throws {
    var decoder = OpenAICodec().makeStreamDecoder()
    for byte in [0xC3, 0xA9] as [UInt8] {
      let data = bytes(#"{"id":"c","choices":[{"index":0,"delta":{"content":""#) + [byte] + bytes(#""}}]}"#)
      let events = try decoder.decode(event: nil, data: data)
      #expect(events.contains(.content(choice: 0, "\u{FFFD}")))
      let mended = try #require(decoder.mendedData)
      #expect(String(validating: mended, as: UTF8.self) != nil)
    }
  }

  @Test func whatIsNoJSONStaysUnreadable() {
    for text in ["", "{", "[1]", "hello", "{\"a\":\n"] {
      #expect(throws: ProviderFault.self) { _ = try ProviderBody.readable(bytes(text)) }
    }
  }

  /// The former way to call a function.
  @Test func aFormerCallIsACall() throws {
    let call = #"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}"#
    let whole = bytes(#"{"id":"c","choices":[{"index":0,"message":\#(call),"finish_reason":"function_call"}]}"#)
    let answer = try OpenAICodec().answer(from: whole)
    #expect(answer.choices[0].toolCalls.map(\.name) == ["f"] && answer.choices[0].finishReason == .toolCalls)
    #expect(!answer.isMended)
    var decoder = OpenAICodec().makeStreamDecoder()
    var assembler = ChatResponseAssembler()
    for delta in [#"{"name":"f","arguments":""}"#, #"{"arguments":"{\"a\":"}"#, #"{"arguments":"1}"}"#] {
      let data = bytes(#"{"id":"c","choices":[{"index":0,"delta":{"function_call":\#(delta)}}]}"#)
      for event in try decoder.decode(event: nil, data: data) { assembler.append(event) }
      #expect(decoder.mendedData == nil, "its client gets it as it came")
    }
    #expect(assembler.answer.choices[0].toolCalls.map(\.arguments) == [#"{"a":1}"#])
  }
}
