import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import GatewayCore

/// Bad requests over HTTP: always an error that clients can read, with a code of the list and the right status, never
/// a 500, and nothing of the inside or of the request given away.
@Suite(.serialized) struct BadInputTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var path = "/v1/chat/completions"
    var method = "POST"
    var body: String?
    var headers: [(String, String)] = [("authorization", "Bearer right")]
    var status = 400
    var code: String
    var testDescription: String { name }

    init(
      _ name: String, _ body: String? = nil, path: String = "/v1/chat/completions", method: String = "POST",
      headers: [(String, String)] = [("authorization", "Bearer right")], _ status: Int = 400, _ code: String
    ) {
      (self.name, self.body, self.path, self.method) = (name, body, path, method)
      (self.headers, self.status, self.code) = (headers, status, code)
    }
  }

  private static func chat(_ rest: String) -> String {
    #"{"model":"auto","messages":[{"role":"user","content":"SECRET"}]\#(rest)}"#
  }
  private static func messages(_ messages: String) -> String { #"{"model":"auto","messages":\#(messages)}"# }

  static let rows: [Row] = [
    Row("no body", "", 400, "invalid_json"),
    Row("white space", "  \n", 400, "invalid_json"),
    Row("not JSON", "hello SECRET", 400, "invalid_json"),
    Row("cut", #"{"model":"auto","messages":[{"ro"#, 400, "invalid_json"),
    Row("two texts", "{} {}", 400, "invalid_json"),
    Row("a trailing comma", chat(",").replacingOccurrences(of: ",}", with: ",}"), 400, "invalid_json"),
    Row("a comment", "{/* SECRET */}", 400, "invalid_json"),
    Row("single quotes", "{'model':'auto'}", 400, "invalid_json"),
    Row("NaN", chat(#","temperature":NaN"#), 400, "invalid_json"),
    Row("half an escape", chat(#","user":"\ud8""#), 400, "invalid_json"),
    Row("a control character", "{\"model\":\"a\u{01}\"}", 400, "invalid_json"),
    Row("an array", "[]", 400, "invalid_type"),
    Row("a string", "\"auto\"", 400, "invalid_type"),
    Row("a number", "1", 400, "invalid_type"),
    Row("null", "null", 400, "invalid_type"),
    Row("300 levels", String(repeating: "[", count: 300) + String(repeating: "]", count: 300), 400, "invalid_json"),
    Row("20,000 levels", String(repeating: "{\"a\":", count: 20_000), 400, "invalid_json"),
    Row(
      "deep in a field",
      chat(#","metadata":"# + String(repeating: "[", count: 400) + String(repeating: "]", count: 400)), 400,
      "invalid_json"),
    Row("an empty object", "{}", 400, "missing_required_parameter"),
    Row("no model", #"{"messages":[{"role":"user","content":"x"}]}"#, 400, "missing_required_parameter"),
    Row("no messages", #"{"model":"auto"}"#, 400, "missing_required_parameter"),
    Row("an empty model", #"{"model":"","messages":[{"role":"user","content":"x"}]}"#, 400, "invalid_value"),
    Row("a model that is a number", #"{"model":4,"messages":[{"role":"user","content":"x"}]}"#, 400, "invalid_type"),
    Row(
      "a model that is null", #"{"model":null,"messages":[{"role":"user","content":"x"}]}"#, 400,
      "missing_required_parameter"),
    Row("an unknown model", #"{"model":"gpt-99","messages":[{"role":"user","content":"x"}]}"#, 404, "model_not_found"),
    Row(
      "an unknown policy", #"{"model":"auto:none","messages":[{"role":"user","content":"x"}]}"#, 404, "model_not_found"),
    Row(
      "the key twice", #"{"model":"auto","model":"small","messages":[{"role":"user","content":"x"}]}"#, 400,
      "duplicate_key"),
    Row("messages twice", chat(#","messages":[]"#), 400, "duplicate_key"),
    Row("messages a string", messages("\"hi\""), 400, "invalid_type"),
    Row("messages an object", messages("{}"), 400, "invalid_type"),
    Row("messages empty", messages("[]"), 400, "empty_array"),
    Row("a message a string", messages("[\"SECRET\"]"), 400, "invalid_type"),
    Row("a message null", messages("[null]"), 400, "invalid_type"),
    Row("no role", messages(#"[{"content":"SECRET"}]"#), 400, "missing_required_parameter"),
    Row("an unknown role", messages(#"[{"role":"wizard","content":"x"}]"#), 400, "invalid_value"),
    Row("a role that is a number", messages(#"[{"role":1,"content":"x"}]"#), 400, "invalid_type"),
    Row("content a number", messages(#"[{"role":"user","content":12}]"#), 400, "invalid_type"),
    Row("content an object", messages(#"[{"role":"user","content":{"text":"SECRET"}}]"#), 400, "invalid_type"),
    Row(
      "a part without a type", messages(#"[{"role":"user","content":[{"text":"SECRET"}]}]"#), 400,
      "missing_required_parameter"),
    Row(
      "a part whose text is a number", messages(#"[{"role":"user","content":[{"type":"text","text":1}]}]"#), 400,
      "invalid_type"),
    Row("stream a string", chat(#","stream":"yes""#), 400, "invalid_type"),
    Row("stream a number", chat(#","stream":1"#), 400, "invalid_type"),
    Row("temperature a string", chat(#","temperature":"hot""#), 400, "invalid_type"),
    Row("temperature 9", chat(#","temperature":9"#), 400, "invalid_value"),
    Row("temperature -1", chat(#","temperature":-1"#), 400, "invalid_value"),
    Row("top_p 2", chat(#","top_p":2"#), 400, "invalid_value"),
    Row("n 0", chat(#","n":0"#), 400, "invalid_value"),
    Row("n a string", chat(#","n":"2""#), 400, "invalid_type"),
    Row("max_tokens -5", chat(#","max_tokens":-5"#), 400, "invalid_value"),
    Row("max_tokens 1.5", chat(#","max_tokens":1.5"#), 400, "invalid_value"),
    Row("max_tokens 1e99", chat(#","max_tokens":1e99"#), 400, "invalid_value"),
    Row("tools a string", chat(#","tools":"hammer""#), 400, "invalid_type"),
    Row(
      "a tool without a name", chat(#","tools":[{"type":"function","function":{}}]"#), 400, "missing_required_parameter"
    ),
    Row("an unknown response format", chat(#","response_format":{"type":"xml"}"#), 400, "invalid_value"),
    Row("a response format without a type", chat(#","response_format":{}"#), 400, "missing_required_parameter"),
    Row("stream_options a string", chat(#","stream":true,"stream_options":"all""#), 400, "invalid_type"),
    Row("an unknown option of ours", chat(#","ockham":{"min_qualty":1}"#), 400, "invalid_value"),
    Row("a bad option of ours", chat(#","ockham":{"min_quality":"high"}"#), 400, "invalid_type"),
    Row(
      "a bad header of ours", chat(""), headers: [("authorization", "Bearer right"), ("x-ockham-min-quality", "high")],
      400, "invalid_value"),
    Row("no key", chat(""), headers: [], 401, "missing_api_key"),
    Row("a wrong key", chat(""), headers: [("authorization", "Bearer wrong")], 401, "invalid_api_key"),
    Row("a key of another scheme", chat(""), headers: [("authorization", "Basic cmlnaHQ=")], 401, "missing_api_key"),
    Row(
      "a huge key", chat(""), headers: [("authorization", "Bearer " + String(repeating: "k", count: 5000))], 401,
      "invalid_api_key"),
    Row("an unknown path", chat(""), path: "/v2/chat", 404, "unknown_path"),
    Row("a path out of the tree", chat(""), path: "/v1/../../etc/passwd", 404, "unknown_path"),
    Row("GET of a POST", path: "/v1/chat/completions", method: "GET", 405, "method_not_allowed"),
    Row("DELETE", path: "/v1/models", method: "DELETE", 405, "method_not_allowed"),
    Row("an unknown model by GET", path: "/v1/models/none", method: "GET", 404, "model_not_found"),
    Row(
      "another content type", chat(""), headers: [("authorization", "Bearer right"), ("content-type", "text/plain")],
      415, "unsupported_media_type"),
    Row(
      "a compressed body", chat(""), headers: [("authorization", "Bearer right"), ("content-encoding", "gzip")], 415,
      "unsupported_media_type"),
    Row(
      "headers of 100 KB", chat(""),
      headers: [("authorization", "Bearer right"), ("x-long", String(repeating: "h", count: 100_000))], 431,
      "headers_too_large"),
    Row(
      "a body beyond the limit", chat(#","user":""# + String(repeating: "u", count: 200_000) + "\""), 413,
      "body_too_large"),
    Row("responses without input", #"{"model":"auto"}"#, path: "/v1/responses", 400, "missing_required_parameter"),
    Row(
      "responses that continue", #"{"model":"auto","input":"x","previous_response_id":"r"}"#, path: "/v1/responses",
      400, "unsupported_feature"),
    Row(
      "completions of several prompts", #"{"model":"auto","prompt":["a","b"]}"#, path: "/v1/completions", 400,
      "unsupported_feature"),
    Row(
      "completions without a prompt", #"{"model":"auto"}"#, path: "/v1/completions", 400, "missing_required_parameter"),
    Row(
      "responses with a tool of OpenAI's", #"{"model":"auto","input":"x","tools":[{"type":"file_search"}]}"#,
      path: "/v1/responses", 400, "unsupported_feature"),
    Row("a response that is not kept", path: "/v1/responses/r", method: "GET", 404, "response_not_found"),
    Row("embeddings of a tier", #"{"model":"small","input":"x"}"#, path: "/v1/embeddings", 404, "model_not_found"),
    Row("feedback without an id", #"{"quality":1}"#, path: "/v1/feedback", 400, "missing_required_parameter"),
    Row("feedback of 2", #"{"request_id":"r","quality":2}"#, path: "/v1/feedback", 400, "invalid_value"),
    Row(
      "feedback of two kinds", #"{"request_id":"r","quality":1,"thumbs":"up"}"#, path: "/v1/feedback", 400,
      "invalid_value"),
    Row("feedback without telemetry", #"{"request_id":"r","quality":1}"#, path: "/v1/feedback", 409, "not_configured"),
  ]

  private static func gateway() async throws -> TestGateway {
    var configuration = GatewayConfiguration.demo()
    configuration.limits.bodyBytes = 150_000
    configuration.keys = [KeyConfiguration(name: "right", sha256: VirtualKey.sha256("right".utf8))]
    return try await TestGateway.start(configuration)
  }

  /// Agents cut texts inside a character and cannot mend that: half of one is replaced, and the request answered.
  @Test func halvesOfSurrogatesAreReplaced() async throws {
    let gateway = try await Self.gateway()
    defer { gateway.stop() }
    let seen = try await gateway.send(
      "/v1/chat/completions", Self.chat(#","user":"\ud800""#), headers: [("authorization", "Bearer right")])
    #expect(seen.status == 200, "\(seen.text)")
  }

  @Test func everyBadRequestGetsItsError() async throws {
    let gateway = try await Self.gateway()
    defer { gateway.stop() }
    for row in Self.rows {
      let seen = try await gateway.send(row.path, method: row.method, row.body, headers: row.headers)
      #expect(seen.status == row.status, "\(row.name): \(seen.text)")
      #expect(seen.code == row.code, "\(row.name): \(seen.text)")
      #expect(seen.headers["x-ockham-request-id"]?.hasPrefix("req_") == true, "\(row.name)")
      #expect(
        !seen.text.contains("SECRET") && !seen.text.contains(".swift") && !seen.text.contains("/root"), "\(row.name)")
      let object = try JSONSerialization.jsonObject(with: Data(seen.text.utf8)) as? [String: [String: Any]]
      let keys = Set((object?["error"] ?? [:]).keys)
      #expect(keys.isSuperset(of: ["message", "type", "param", "code"]), "\(row.name)")
    }
    #expect(Self.rows.count >= 60)
    let good = try await gateway.send(
      "/v1/chat/completions", Self.chat(""), headers: [("authorization", "Bearer right")])
    #expect(good.status == 200, "the gateway lives on")
  }

  /// Bytes that an HTTP library would not send.
  @Test(arguments: [
    ("not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "400"),
    ("an endless header name", "GET / HTTP/1.1\r\n" + String(repeating: "a", count: 2_000_000) + ": b\r\n\r\n", "431"),
    (
      "two lengths",
      "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", "400"
    ),
    (
      "a length that is a word", "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: five\r\n\r\nhello",
      "400"
    ),
    (
      "bytes that are not UTF-8",
      "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer right\r\nconnection: close\r\ncontent-length: 4\r\n\r\n{\"\u{80}}",
      "400"
    ),
  ])
  func oddBytesGetAnAnswer(_ name: String, _ bytes: String, _ status: String) async throws {
    let gateway = try await Self.gateway()
    defer { gateway.stop() }
    let raw: [UInt8] = name.hasPrefix("bytes") ? Array(bytes.utf8).filter { $0 != 0xC2 } : Array(bytes.utf8)
    let text = try await Self.exchange(raw, port: gateway.port)
    #expect(text.hasPrefix("HTTP/1.1 \(status)"), "\(name): \(text.prefix(200))")
    #expect(text.contains("\"error\""), "\(name): \(text.prefix(400))")
  }

  @Test func bytesThatAreNotHTTPGetTheEnvelope() async throws {
    let gateway = try await Self.gateway()
    defer { gateway.stop() }
    let text = try await Self.exchange(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8), port: gateway.port)
    let body = """
      {"error":{"message":"Expected an HTTP/1.1 request, found something else, or headers beyond all limits. \
      Check the client.","type":"invalid_request_error","param":null,"code":"invalid_http"}}
      """
    #expect(text.components(separatedBy: "\r\n\r\n").last == body)
  }

  private static func exchange(_ bytes: [UInt8], port: Int) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try? await outbound.write(ByteBuffer(bytes: bytes))
      var text = ByteBuffer()
      do { for try await part in inbound { text.writeImmutableBuffer(part) } } catch {}
      return String(buffer: text)
    }
  }
}
