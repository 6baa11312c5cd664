@testable import RequestLog

/// A row of each form, small, and what must be read from it.
struct FormFixture: Sendable, CustomStringConvertible {
  var form: String
  var rows: [String]
  /// The text of the last message of a user.
  var asked: String
  var outcomes: [ModelOutcome]

  var description: String { form }

  init(_ form: String, asked: String = "Why?", outcomes: [ModelOutcome], _ rows: String...) {
    (self.form, self.asked, self.outcomes, self.rows) = (form, asked, outcomes, rows)
  }
}

extension FormFixture {
  private static let chat = #""messages":[{"role":"system","content":"S"},{"role":"user","content":"Why?"}]"#
  private static let completion =
    #"{"object":"chat.completion","created":5,"model":"m1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"So."}}],"usage":{"prompt_tokens":3,"completion_tokens":7}}"#
  private static let stopped = ModelAnswer.message(AnswerMessage(text: "So.", finishReason: "stop"))

  private static func outcome(
    _ name: String = "m1", _ quality: Double? = nil, _ cost: Double? = nil, _ tokens: Int? = 7,
    _ latency: Double? = nil, _ answer: ModelAnswer? = stopped
  ) -> ModelOutcome {
    ModelOutcome(
      name: name, quality: quality, costUSD: cost, outputTokens: tokens, latencyMilliseconds: latency, answer: answer)
  }

  static let protocols: [FormFixture] = [
    FormFixture(
      "openai-stored", outcomes: [outcome("m1", 1)],
      #"{"object":"chat.completion","id":"c1","model":"m1",\#(chat),"choices":[{"message":{"role":"assistant","content":"So."},"finish_reason":"stop"}],"usage":{"completion_tokens":7},"metadata":{"score":"1"}}"#
    ),
    FormFixture(
      "openai-batch", outcomes: [outcome()],
      #"{"custom_id":"a","url":"/v1/chat/completions","body":{"model":"m1",\#(chat)}}"#,
      #"{"id":"b1","custom_id":"a","response":{"status_code":200,"body":\#(completion)},"error":null}"#),
    FormFixture(
      "openai-responses", outcomes: [outcome("m1", 0, nil, 7, nil, .text("So."))],
      #"{"request":{"model":"m1","instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"Why?"}]}]},"response":{"model":"m1","output":[{"type":"reasoning"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"So."}]}],"usage":{"output_tokens":7}},"score":0}"#
    ),
    FormFixture(
      "chat", outcomes: [outcome("m1", nil, nil, nil, nil, .text("So."))],
      #"{"model":"m1","messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}]}"#),
    FormFixture(
      "anthropic",
      outcomes: [
        outcome(
          "m1", 0.5, nil, 7, nil, .message(AnswerMessage(text: "So.", toolCalls: [.init(name: "f", arguments: "{}")])))
      ],
      #"{"request":{"model":"m1","system":[{"type":"text","text":"S"}],"max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Why?"}]}]},"response":{"type":"message","model":"m1","content":[{"type":"text","text":"So."},{"type":"tool_use","name":"f","input":{}}],"usage":{"input_tokens":1,"output_tokens":7}},"score":0.5}"#
    ),
    FormFixture(
      "anthropic-batch", outcomes: [outcome("m1", nil, nil, 7, nil, .text("So."))],
      #"{"custom_id":"a","params":{"model":"m1","system":"S","messages":[{"role":"user","content":"Why?"}]}}"#,
      #"{"custom_id":"a","result":{"type":"succeeded","message":{"model":"m1","content":[{"type":"text","text":"So."}],"usage":{"output_tokens":7}}}}"#
    ),
    FormFixture(
      "gateway", outcomes: [outcome("m1", 1, 0.5, 7, 20)],
      #"{"id":"g","request":{"model":"alias",\#(chat)},"response":\#(completion),"feedback":{"score":true},"cost":0.5,"latency_ms":20}"#
    ),
  ]

  static let products: [FormFixture] = [
    FormFixture(
      "litellm", outcomes: [outcome("m1", 0, 0.5, 7, 1500)],
      #"{"id":"l","call_type":"acompletion","response_cost":0.5,"status":"success","prompt_tokens":3,"completion_tokens":7,"startTime":10.5,"endTime":12.0,"model":"m1","model_group":"support",\#(chat),"response":\#(completion),"metadata":{"requester_metadata":{"score":0}},"model_parameters":{"max_tokens":30,"tools":null}}"#
    ),
    FormFixture(
      "litellm-spend", outcomes: [outcome("m1", nil, 0.5, 7, 2000)],
      #"{"request_id":"l","call_type":"acompletion","spend":0.5,"completion_tokens":7,"startTime":"2025-01-02T03:04:05.5Z","endTime":"2025-01-02T03:04:07.5Z","model":"m1","messages":{},"response":\#(completion),"proxy_server_request":"{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}"}"#
    ),
    FormFixture(
      "langfuse", outcomes: [outcome("m1", 0.25, 0.5, 7, 1500, .text("So."))],
      #"{"id":"o","traceId":"t","type":"GENERATION","startTime":"2025-01-02T03:04:05Z","model":"m1","input":{\#(chat)},"output":{"role":"assistant","content":"So."},"usageDetails":{"input":3,"output":7},"costDetails":{"total":0.5},"latency":1.5,"scores":[{"name":"s","value":0.25}]}"#
    ),
    FormFixture(
      "helicone", outcomes: [outcome("m2", 0, 0.5, 7, 20)],
      #"{"request_id":"h","request_created_at":"2025-01-02T03:04:05Z","request_body":{"model":"m1",\#(chat)},"response_body":\#(completion),"response_model":"m2","delay_ms":20,"cost":0.5,"feedback_rating":false}"#
    ),
    FormFixture(
      "portkey", outcomes: [outcome("m1", 0.5, 0.012, 7, 20)],
      #"{"id":"p","created_at":"2025-01-02T03:04:05Z","request":{"url":"u","body":{"model":"m1",\#(chat)}},"response":{"status":200,"body":\#(completion)},"cost":1.2,"currency":"USD cents","ai_model":"m1","response_time":20,"feedback":{"value":5}}"#
    ),
    FormFixture(
      "openpipe", outcomes: [outcome("m1", 1)],
      #"{"input":{"model":"m1",\#(chat)},"output":\#(completion),"tags":{"score":1}}"#),
    FormFixture(
      "otel", outcomes: [outcome("m1", nil, nil, 7, 2000, .text("So."))],
      #"{"traceId":"t","spanId":"s","startTimeUnixNano":"1000000000000000000","endTimeUnixNano":"1000000002000000000","attributes":{"gen_ai.request.model":"m1","gen_ai.usage.output_tokens":7,"gen_ai.input.messages":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Why?\"}]}]","gen_ai.output.messages":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"So.\"}]}]"}}"#
    ),
    FormFixture(
      "otel", outcomes: [outcome("m1", nil, nil, 7, nil, .text("So."))],
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"s","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"m1"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":"7"}},{"key":"gen_ai.prompt.0.content","value":{"stringValue":"Why?"}},{"key":"gen_ai.completion.0.content","value":{"stringValue":"So."}}]}]}]}]}"#
    ),
  ]

  static let sets: [FormFixture] = [
    FormFixture(
      "arena", outcomes: [outcome("m1", 0, nil, nil, nil, .text("x")), outcome("m2", 1, nil, nil, nil, .text("y"))],
      #"{"id":1,"model_a":"m1","model_b":"m2","prompt":"[\"Why?\"]","response_a":"[\"x\"]","response_b":"[\"y\"]","winner_model_a":0,"winner_model_b":1,"winner_tie":0}"#
    ),
    FormFixture(
      "arena", outcomes: [outcome("m1", 0, nil, nil, nil, .text("x")), outcome("m2", 0, nil, nil, nil, .text("y"))],
      #"{"question_id":"q","model_a":"m1","model_b":"m2","winner":"tie (bothbad)","conversation_a":[{"role":"user","content":"Why?"},{"role":"assistant","content":"x"}],"conversation_b":[{"role":"user","content":"Why?"},{"role":"assistant","content":"y"}]}"#
    ),
    FormFixture(
      "lmsys-chat", outcomes: [outcome("m1", nil, nil, nil, nil, .text("So."))],
      #"{"conversation_id":"c","model":"m1","conversation":[{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}],"turn":1}"#
    ),
    FormFixture(
      "sharegpt", outcomes: [],
      #"{"id":"s","conversations":[{"from":"human","value":"Why?"},{"from":"gpt","value":"So."}]}"#),
    FormFixture(
      "long",
      outcomes: [outcome("m1", 1, 0.5, nil, nil, .text("x")), outcome("m2", 0.5, nil, nil, nil, .text("y"))],
      #"{"prompt":"Why?","model":"m1","response":"x","score":"yes","cost":0.5}"#,
      #"{"prompt":"Why?","model":"m2","response":"y","score":"50%"}"#),
    FormFixture(
      "wide", outcomes: [outcome("m1", 1, 0.5, nil, nil, nil), outcome("m2", 0, nil, nil, nil, nil)],
      #"{"prompt":"Why?","m1_quality":1,"m1_cost":0.5,"m2_quality":0}"#),
  ]
}
