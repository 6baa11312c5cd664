import TextKit
import Testing

@testable import ChatProtocols

/// Images and files, whatever their clients call the types.
struct MediaTests {
  private func block(_ part: String) throws -> JSONNode {
    let request = try chat(#"{"model":"a","messages":[{"role":"user","content":[\#(part)]}]}"#)
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "c").body))
    return try #require(body["messages"]?.elements?[0]["content"]?.elements?[0])
  }

  private func file(_ type: String, _ data: String) -> String {
    #"{"type":"file","file":{"filename":"a","file_data":"data:\#(type);base64,\#(data)"}}"#
  }

  @Test(arguments: [
    ("data:image/jpg;base64,AA", "image/jpeg"), ("data:image/PNG;base64,AA", "image/png"),
    ("DATA:IMAGE/JPEG;BASE64,AA", "image/jpeg"), ("data:image/pjpeg;base64,AA", "image/jpeg"),
    ("data:image/x-png;name=a.png;base64,AA", "image/png"), ("Data: image/webp ;base64,AA", "image/webp"),
  ])
  func typesHaveTheirProperNames(url: String, type: String) throws {
    let part = #"{"type":"image_url","image_url":{"url":"\#(url)"}}"#
    #expect(try block(part)["source"]?["media_type"]?.string == type)
    let request = try chat(#"{"model":"a","messages":[{"role":"user","content":[\#(part)]}]}"#)
    let gemini = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-pro").body))
    #expect(gemini["contents"]?.elements?[0]["parts"]?.elements?[0]["inlineData"]?["mimeType"]?.string == type)
  }

  @Test(arguments: [
    "text/plain", "text/markdown", "text/csv", "application/json", "application/ld+json", "text/plain;charset=utf-8",
  ])
  func filesOfTextAreText(type: String) throws {
    for data in ["aGVsbG8=", "aGVsbG8"] {
      let expected =
        #"{"type":"document","title":"a","source":{"type":"text","media_type":"text/plain","data":"hello"}}"#
      #expect(try block(file(type, data)) == (try json(expected)))
    }
  }

  @Test func dataInAnotherFormAreAnotherTargets() throws {
    let error = #expect(throws: GatewayError.self) {
      try block(#"{"type":"image_url","image_url":{"url":"data:image/svg+xml,%3Csvg/%3E"}}"#)
    }
    #expect(error?.code == .unsupportedFeature)
  }

  @Test func otherFilesAreDocumentsOrImages() throws {
    #expect(try block(file("application/PDF", "AA"))["source"]?["media_type"]?.string == "application/pdf")
    #expect(try block(file("image/jpg", "AA"))["type"]?.string == "image")
  }

  @Test(arguments: ["application/zip", "text/plain", "image/bmp"]) func theRestIsAnotherTargets(type: String) throws {
    let error = #expect(throws: GatewayError.self) { try block(file(type, "//8=")) }
    #expect(error?.code == .unsupportedFeature)
    #expect(error?.param == "messages[0].content[0]")
  }
}
