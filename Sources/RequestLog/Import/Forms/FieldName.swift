/// Parts of a row that are found by the names of fields.
enum FieldPart: String, CaseIterable, Sendable {
  case prompt, response, model, quality, id, cost, inputTokens, outputTokens, latency, dataset, time, conversation
  case propensity, system, reference

  /// Names that the part usually has, the surest first, as ``FieldName/words(of:)`` writes them.
  var names: [String] {
    switch self {
    case .prompt:
      [
        "prompt", "user_prompt", "question", "query", "user_query", "messages", "input_messages", "instruction",
        "instructions", "user_message", "user_input", "input_text", "prompt_text", "request_text", "input", "inputs",
        "request", "conversation", "conversations", "turns", "chat_history", "dialogue", "dialog", "problem",
        "utterance",
        "task_prompt",
        "message", "text", "content", "human", "q", "ask", "request_body",
      ]
    case .response:
      [
        "response", "answer", "output", "outputs", "completion", "reply", "model_response", "model_output",
        "model_answer", "response_text", "output_text", "answer_text", "generation", "generated_text", "prediction",
        "assistant_response", "assistant", "bot_response", "llm_response", "llm_output", "chatbot_response",
        "response_body", "result_text", "a",
      ]
    case .model:
      [
        "model", "model_name", "model_id", "model_used", "llm", "llm_model", "llm_name", "ai_model", "engine",
        "deployment",
        "model_slug", "model_permaslug", "served_model", "target_model", "response_model", "request_model",
        "ls_model_name", "model_version", "route", "routed_model", "chosen_model", "selected_model",
        "served", "arm", "provider_id", "action",
      ]
    case .quality:
      [
        "quality", "score", "rating", "correct", "is_correct", "passed", "performance", "grade", "accuracy", "reward",
        "user_feedback", "feedback", "feedback_score", "thumbs", "thumbs_up", "user_rating", "user_score", "stars",
        "overall_score", "quality_score", "human_score", "judge_score", "verdict", "is_good", "success", "pass", "acc",
        "exact_match", "liked", "vote", "helpful", "resolved", "accepted",
      ]
    case .id:
      [
        "prompt_id", "question_id", "query_id", "request_id", "sample_id", "example_id", "id", "uuid", "uid", "qid",
        "row_id", "trace_id", "case_id", "item_id", "task_id", "doc_id",
      ]
    case .cost:
      [
        "cost_usd", "cost", "total_cost", "cost_total", "price", "spend", "price_usd", "total_price", "usd",
        "response_cost", "total_cost_usd", "cost_dollars",
      ]
    case .inputTokens:
      [
        "input_tokens", "prompt_tokens", "tokens_prompt", "tokens_in", "num_input_tokens", "tokens_input",
        "prompt_token_count", "input_token_count", "in_tokens", "prompt_eval_count",
      ]
    case .outputTokens:
      [
        "output_tokens", "completion_tokens", "tokens_completion", "tokens_out", "num_output_tokens", "tokens_output",
        "response_tokens", "completion_token_count", "output_token_count", "out_tokens", "eval_count",
      ]
    case .latency:
      [
        "latency_ms", "duration_ms", "response_time_ms", "generation_time_ms", "elapsed_ms", "delay_ms",
        "latency_milliseconds",
      ]
    case .dataset:
      [
        "dataset", "eval_name", "task_name", "benchmark", "subset", "category", "subject", "domain", "topic", "source",
        "use_case", "endpoint",
      ]
    case .time:
      [
        "timestamp", "created_at", "time", "datetime", "date", "created", "start_time", "request_time", "ts",
        "logged_at",
        "requested_at",
      ]
    case .conversation: ["conversation_id", "session_id", "thread_id", "chat_id", "dialogue_id"]
    case .propensity:
      [
        "propensity", "action_probability", "logging_probability", "action_prob", "propensity_score", "pscore", "prob",
      ]
    case .system: ["system", "system_prompt", "system_message"]
    case .reference:
      [
        "reference", "reference_answer", "ground_truth", "gold", "gold_answer", "golden_answer", "expected_output",
        "expected_answer", "expected_response", "expected", "correct_answer", "reference_output", "target", "ideal",
      ]
    }
  }

  /// The option that names the field.
  var option: String? {
    switch self {
    case .prompt: "--prompt-field"
    case .response: "--response-field"
    case .model: "--model-field"
    case .id: "--id-field"
    case .quality: "--quality-field"
    case .cost: "--cost-field"
    case .latency: "--latency-field"
    default: nil
    }
  }

  /// What the part is called in messages.
  var title: String {
    switch self {
    case .inputTokens: "input tokens"
    case .outputTokens: "output tokens"
    case .latency: "latency in ms"
    case .cost: "cost in USD"
    default: rawValue
    }
  }
}

/// Names of fields, however they are written.
enum FieldName {
  /// The words of a name in lower case with `_` between: `User Prompt`, `userPrompt` and `user-prompt` are `user_prompt`.
  static func words(of name: String) -> String {
    var words: [String] = [""]
    var previousIsLower = false
    for character in name {
      guard character.isLetter || character.isNumber else {
        if words.last?.isEmpty == false { words.append("") }
        previousIsLower = false
        continue
      }
      if character.isUppercase, previousIsLower { words.append("") }
      words[words.count - 1] += character.lowercased()
      previousIsLower = character.isLowercase || character.isNumber
    }
    return words.filter { !$0.isEmpty }.joined(separator: "_")
  }
}
