import Testing

@testable import ChatProtocols

/// What providers' errors mean.
struct FailureTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var kind: UpstreamFailure.Kind
    var reason: String?
    var testDescription: String { "\(status) \(body.prefix(60))" }

    init(_ status: Int, _ body: String, _ kind: UpstreamFailure.Kind, _ reason: String? = nil) {
      (self.status, self.body, self.kind, self.reason) = (status, body, kind, reason)
    }
  }

  static let anywhere: [Row] = [
    Row(400, "", .badRequest, "status 400"), Row(401, "<html>no</html>", .keyRefused), Row(402, "{", .quotaExhausted),
    Row(403, "[]", .forbidden), Row(404, "null", .badRequest), Row(408, "", .timeout), Row(409, "", .serverError),
    Row(413, "", .tooLarge), Row(422, "", .badRequest), Row(429, "slow down", .rateLimited),
    Row(500, "", .serverError), Row(502, "<html>", .serverError), Row(503, "", .serverError),
    Row(529, "", .serverError), Row(302, "", .malformed),
    Row(405, "", .unsupported), Row(418, "", .unsupported), Row(410, "", .modelUnavailable), Row(412, "", .forbidden),
    Row(423, "", .serverError),
    Row(424, "", .serverError), Row(431, "", .tooLarge), Row(451, "", .forbidden), Row(498, "", .rateLimited),
  ]

  static let openAI: [Row] = [
    Row(429, #"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#, .quotaExhausted),
    Row(429, #"{"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}}"#, .rateLimited),
    Row(
      400, #"{"error":{"message":"m","code":"context_length_exceeded"}}"#, .contextTooLong, "context_length_exceeded"),
    Row(400, #"{"object":"error","message":"This model's maximum context length is 8 tokens"}"#, .contextTooLong),
    Row(400, #"{"error":"the input exceeds the context window"}"#, .contextTooLong),
    Row(400, #"{"error":{"code":"content_filter","message":"m"}}"#, .contentFiltered),
    Row(403, #"{"error":{"code":403,"message":"m","metadata":{"reasons":["x"]}}}"#, .contentFiltered),
    Row(401, #"{"error":{"code":"invalid_api_key","message":"bad key sk-123"}}"#, .keyRefused, "invalid_api_key"),
    Row(404, #"{"error":{"code":"model_not_found","message":"m"}}"#, .modelUnavailable, "model_not_found"),
    Row(400, #"[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]"#, .badRequest, "INVALID_ARGUMENT"),
    Row(400, #"{"error":{"code":"my prompt said this","message":"m"}}"#, .badRequest, "status 400"),
    Row(500, #"{"error":{"message":"the context window"}}"#, .serverError),
    // Too long, by counts and in words of many servers.
    Row(400, #"{"error":{"message":"no","n_prompt_tokens":900,"n_ctx":512}}"#, .contextTooLong),
    Row(500, #"{"error":{"message":"no","type":"exceed_context_size_error"}}"#, .contextTooLong),
    Row(400, #"{"message":"your prompt has 9,001 tokens, the limit is 8,192"}"#, .contextTooLong),
    Row(422, #"{"error":"`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"}"#, .contextTooLong),
    Row(400, #"{"error":"max_tokens 99999 is above the limit of 16384 completion tokens"}"#, .badRequest),
    Row(429, #"{"error":{"message":"Request too large on tokens per min: Limit 500, Requested 900"}}"#, .tooLarge),
    Row(429, #"{"error":{"message":"tokens per min of your prompt: limit 5000, used 4000"}}"#, .rateLimited),
    // What a 403 concerns: the model, the key, or no one knows.
    Row(403, #"{"error":{"message":"The project may not access model x: no access"}}"#, .modelUnavailable),
    Row(403, #"{"error":{"message":"This API key was disabled"}}"#, .keyRefused),
    Row(403, "<html>blocked by a firewall</html>", .forbidden),
    Row(402, #"{"error":{"message":"You asked for 9000 tokens but can only afford 50"}}"#, .unaffordable),
    Row(400, #"{"error":{"message":"this model does not support tools"}}"#, .unsupported),
    Row(400, #"{"error":{"code":"unsupported_parameter","param":"top_k","message":"m"}}"#, .unsupported),
    Row(500, #"{"error":{"message":"the model does not support tools"}}"#, .serverError),
  ]

  /// What a target refuses and another may not.
  static let next: [Row] = [
    Row(400, #"{"error":{"message":"\"auto\" tool choice requires --enable-auto-tool-choice"}}"#, .unsupported),
    Row(400, #"{"error":{"message":"m","code":"tool_use_failed"}}"#, .unsupported),
    Row(400, #"{"error":{"message":"This response_format type is unavailable now"}}"#, .unsupported),
    Row(422, #"{"error":{"message":"messages[0].role: unknown variant `developer`"}}"#, .unsupported),
    Row(400, #"{"error":{"message":"image_url is only supported by certain models."}}"#, .unsupported),
    Row(400, #"{"error":{"message":"At most 0 image(s) may be provided in one prompt."}}"#, .unsupported),
    Row(400, #"{"error":{"message":"This model cannot process images"}}"#, .unsupported),
    Row(422, #"{"detail":[{"loc":["body","messages",0,"role"],"msg":"Input should be 'user'"}]}"#, .unsupported),
    Row(422, #"{"detail":[{"loc":["body","messages",0,"name"],"msg":"Input should be shorter"}]}"#, .badRequest),
    Row(400, #"{"error":{"message":"Provider returned error","code":400}}"#, .unsupported),
    Row(400, #"{"error":{"message":"Prompt exceeds max length","code":"1261"}}"#, .contextTooLong),
    Row(422, #"{"error":"`inputs` must have less than 4096 tokens. Given: 5000"}"#, .contextTooLong),
    Row(400, #"{"error":{"message":"Total tokens of image and text exceed max message tokens"}}"#, .contextTooLong),
    Row(400, #"{"message":"The provided model identifier is invalid."}"#, .modelUnavailable),
    Row(400, #"{"message":"Model ID x with on-demand throughput isn’t supported."}"#, .modelUnavailable),
    Row(400, #"{"error":{"message":"Model Not Exist"}}"#, .modelUnavailable),
    Row(400, #"{"object":"error","message":"m","type":"invalid_model","code":"1500"}"#, .modelUnavailable),
    Row(400, #"{"error":{"message":"x is not a valid model ID","code":400}}"#, .modelUnavailable),
    Row(400, #"{"error":"No models loaded. Please load one"}"#, .modelUnavailable),
    // A parameter that is gone is no model that is gone.
    Row(400, #"{"error":{"message":"`top_k` has been deprecated for this model"}}"#, .badRequest),
    Row(412, #"{"error":{"message":"Account x is suspended, possibly due to its spending limit"}}"#, .quotaExhausted),
    Row(400, #"{"error":{"message":"m","code":"Arrearage"}}"#, .quotaExhausted),
    Row(400, #"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}]"#, .keyRefused),
    // What is quoted of a request puts no key to rest.
    Row(400, #"{"error":{"message":"user: 'API key not valid' is too long"}}"#, .badRequest),
    Row(400, #"{"error":{"message":"you reached your usage limits: Extra inputs are not permitted"}}"#, .badRequest),
    Row(400, #"{"error":{"message":"temperature must be between 0 and 2"}}"#, .badRequest),
  ]

  static let anthropic: [Row] = [
    Row(
      400, #"{"type":"error","error":{"message":"You have reached your specified API usage limits."}}"#, .quotaExhausted
    ),
    Row(400, #"{"type":"error","error":{"message":"This organization has been disabled."}}"#, .keyRefused),
    Row(529, #"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#, .serverError, "overloaded_error"),
    Row(
      400, #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}"#,
      .contextTooLong),
    Row(
      400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to go on"}}"#,
      .quotaExhausted),
    Row(429, #"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, .rateLimited, "rate_limit_error"),
    Row(404, #"{"type":"error","error":{"type":"not_found_error","message":"m"}}"#, .badRequest, "not_found_error"),
  ]

  static let gemini: [Row] = [
    Row(
      429, #"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}"#, .rateLimited, "RESOURCE_EXHAUSTED"),
    Row(
      429,
      #"{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"RequestsPerDayPerProject"}]}]}}"#,
      .quotaExhausted),
    Row(
      400, #"{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#, .keyRefused,
      "API_KEY_INVALID"),
    Row(
      400,
      #"{"error":{"status":"INVALID_ARGUMENT","message":"The input token count (9) exceeds the maximum number of tokens allowed (8)."}}"#,
      .contextTooLong),
    Row(403, #"{"error":{"status":"PERMISSION_DENIED"}}"#, .forbidden),
    Row(400, #"{"error":{"status":"FAILED_PRECONDITION","message":"m"}}"#, .quotaExhausted),
    Row(503, #"{"error":{"status":"UNAVAILABLE"}}"#, .serverError, "UNAVAILABLE"),
  ]

  @Test(arguments: anywhere + openAI + next) func readsOpenAI(_ row: Row) { check(row, OpenAICodec()) }
  @Test(arguments: anywhere + anthropic) func readsAnthropic(_ row: Row) { check(row, AnthropicCodec()) }
  @Test(arguments: anywhere + gemini) func readsGemini(_ row: Row) { check(row, GeminiCodec()) }

  private func check(_ row: Row, _ provider: some ProviderCodec) {
    let failure = provider.failure(status: row.status, headers: [], body: bytes(row.body))
    #expect(failure.kind == row.kind)
    #expect(failure.status == row.status)
    if let reason = row.reason { #expect(failure.reason == reason) }
    #expect(!failure.reason.contains(" prompt") && !failure.reason.contains("sk-"))
    #expect(failure.kind.isOfRequest || failure.clientMessage == nil)
  }

  @Test func tellsTheClientOfItsOwnErrors() {
    let body = #"{"error":{"message":"bad 'x'","type":"invalid_request_error","param":"x","code":"unknown_parameter"}}"#
    let failure = OpenAICodec().failure(status: 400, headers: [], body: bytes(body))
    #expect(failure.clientMessage == "bad 'x'")
    #expect(failure.param == "x")
  }

  /// Header lines, and the wait that they ask for.
  static let waits: [(headers: [String], seconds: Double?)] = [
    (["Retry-After: 7"], 7), (["retry-after:  1.5 "], 1.5), (["retry-after-ms: 250"], 0.25),
    (["Retry-After-Ms: 100", "Retry-After: 9"], 0.1), (["retry-after: 99999999999"], 86_400),
    (["retry-after: Sun, 06 Nov 1994 08:50:07 GMT", "Date: Sun, 06 Nov 1994 08:49:37 GMT"], 30),
    (["retry-after: Fri, 01 Mar 2024 00:00:09 GMT", "date: Thu, 29 Feb 2024 23:59:59 GMT"], 10),
    (["retry-after: Fri, 01 Mar 2024 00:00:09 GMT", "date: Wed, 28 Feb 2024 23:59:59 GMT"], 86_400),
    (["retry-after: Sun, 06 Nov 1994 08:49:00 GMT", "date: Sun, 06 Nov 1994 08:49:37 GMT"], 0),
    (["retry-after: Sun, 06 Nov 1994 08:49:00 GMT"], 0), (["retry-after: soon"], nil), (["retry-after: -5"], nil),
    (["retry-after: nan"], nil), (["retry-after: "], nil), ([], nil),
    (["retry-after: Sun, 99 Nov 1994 08:49:00 GMT", "date: Sun, 06 Nov 1994 08:49:37 GMT"], nil),
  ]

  @Test(arguments: waits)
  func readsRetryAfter(headers: [String], seconds: Double?) throws {
    let named = try headers.map { line in
      let colon = try #require(line.firstIndex(of: ":"))
      return (name: String(line[..<colon]), value: String(line[line.index(after: colon)...]))
    }
    let failure = AnthropicCodec().failure(status: 429, headers: named, body: [])
    #expect(failure.retryAfterSeconds == seconds)
  }

  @Test func readsGeminisDelay() {
    let body = #"{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34.5s"}]}}"#
    #expect(GeminiCodec().failure(status: 429, headers: [], body: bytes(body)).retryAfterSeconds == 34.5)
  }

  @Test(arguments: [
    (#"{"error":{"message":"m","code":429}}"#, UpstreamFailure.Kind.rateLimited),
    (#"{"error":{"message":"m","type":"server_error"}}"#, .serverError), (#"{"error":"went wrong"}"#, .serverError),
    (#"{"error":{"code":"context_length_exceeded"}}"#, .contextTooLong),
  ])
  func seesErrorsInOpenAIStreams(data: String, kind: UpstreamFailure.Kind) {
    var decoder = OpenAICodec().makeStreamDecoder()
    #expect(Self.kind { () throws(ProviderFault) in _ = try decoder.decode(event: nil, data: bytes(data)) } == kind)
    #expect(Self.kind { () throws(ProviderFault) in _ = try OpenAICodec().answer(from: bytes(data)) } == kind)
    #expect(!decoder.isComplete)
  }

  /// Errors without a field for them.
  @Test(arguments: [
    #"{"object":"error","message":"boom","code":500}"#, #"{"text":"busy","error_code":50001}"#, #"{"detail":"boom"}"#,
    #"{"code":"InternalError","message":"boom","request_id":"x"}"#, #"{"type":"error","message":"boom"}"#,
    #"{"message":"boom"}"#, #"{"status":"error","choices":[]}"#, #"{"status_code":500,"msg":"boom"}"#,
  ])
  func aBareErrorInAStreamIsOne(data: String) throws {
    var decoder = OpenAICodec().makeStreamDecoder()
    _ = try decoder.decode(event: nil, data: bytes(#"{"choices":[{"index":0,"delta":{"content":"half"}}]}"#))
    #expect(Self.kind { () throws(ProviderFault) in _ = try decoder.decode(event: nil, data: bytes(data)) } != nil)
    #expect(Self.kind { () throws(ProviderFault) in _ = try OpenAICodec().answer(from: bytes(data)) } != nil)
  }

  @Test func theNameOfAnEventSaysThatItIsAnError() {
    var decoder = OpenAICodec().makeStreamDecoder()
    let failed = Self.kind { () throws(ProviderFault) in
      _ = try decoder.decode(event: "error", data: bytes(#"{"reason":"boom"}"#))
    }
    #expect(failed == .serverError)
  }

  /// What stands beside an answer, or counts, is no error.
  @Test(arguments: [
    #"{"choices":[{"index":0,"delta":{"content":"x"}}],"error":""}"#,
    #"{"choices":[{"index":0,"delta":{"content":"x"}}],"error":{},"code":500,"message":"m"}"#,
    #"{"choices":[{"index":0,"delta":{"content":"x"}}],"error":{"code":0,"message":""}}"#,
    #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1},"message":"m"}"#,
    #"{"id":"c","object":"chat.completion.chunk","choices":[]}"#, #"{"code":0,"message":"ok"}"#,
    #"{"type":"ping","message":"alive"}"#,
  ])
  func anEmptyErrorIsNone(data: String) {
    var decoder = OpenAICodec().makeStreamDecoder()
    #expect(throws: Never.self) { _ = try decoder.decode(event: nil, data: bytes(data)) }
  }

  @Test func seesErrorsInOtherStreams() {
    var anthropic = AnthropicCodec().makeStreamDecoder()
    let overloaded = #"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#
    let first = Self.kind { () throws(ProviderFault) in
      _ = try anthropic.decode(event: "error", data: bytes(overloaded))
    }
    #expect(first == .serverError)
    var gemini = GeminiCodec().makeStreamDecoder()
    let blocked = #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}"#
    let second = Self.kind { () throws(ProviderFault) in _ = try gemini.decode(event: nil, data: bytes(blocked)) }
    #expect(second == .contentFiltered)
  }

  private static func kind(_ body: () throws(ProviderFault) -> Void) -> UpstreamFailure.Kind? {
    do { try body() } catch {
      if case .failed(let failure) = error { return failure.kind }
    }
    return nil
  }
}
