import GatewayCore

/// `GET /openapi.json`: the paths, for tools. Bodies of OpenAI's and Anthropic's endpoints are described by their own
/// documents; here is what is the gateway's.
enum OpenAPIDocument {
  static let json = """
    {"openapi":"3.1.0","info":{"title":"Ockham gateway","version":"\(GatewayVersion.text)","description":"Sends each request to the cheapest \
    tier that will get it right. Models: auto, auto:POLICY, router-NAME-THRESHOLD, a tier, a target."},\
    "components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"},"key":{"type":"apiKey","in":"header",\
    "name":"x-api-key"}},"schemas":{"Error":{"type":"object","required":["error"],"properties":{"error":{"type":"object",\
    "required":["message","type","param","code"],"properties":{"message":{"type":"string"},"type":{"type":"string"},\
    "param":{"type":["string","null"]},"code":{"type":["string","null"]},"attempts":{"type":"array","items":{"type":\
    "object"}}}}}},"Chat":{"type":"object","required":["model","messages"],"properties":{"model":{"type":"string"},\
    "messages":{"type":"array","minItems":1,"items":{"type":"object"}},"stream":{"type":"boolean"}}},"Feedback":{"type":\
    "object","required":["request_id"],"properties":{"request_id":{"type":"string"},"quality":{"type":"number","minimum":0,\
    "maximum":1},"accepted":{"type":"boolean"},"edited":{"type":"boolean"},"thumbs":{"enum":["up","down"]}}}},\
    "responses":{"Error":{"description":"What was expected, what was found, what to do","content":{"application/json":\
    {"schema":{"$ref":"#/components/schemas/Error"}}}},"JSON":{"description":"Done","content":{"application/json":{}}}}},\
    "security":[{},{"bearer":[]},{"key":[]}],"paths":{\(paths)}}
    """

  private static let paths = [
    post("/v1/chat/completions", "OpenAI chat completion, streamed or not", schema: "Chat"),
    post("/v1/messages", "Anthropic message, streamed or not", schema: nil),
    post("/v1/responses", "OpenAI response, streamed or not", schema: nil),
    post("/v1/embeddings", "OpenAI embeddings, by target", schema: nil),
    get("/v1/models", "Every name that model may hold"),
    post("/v1/route", "The decision alone: no model is asked", schema: "Chat"),
    post("/v1/feedback", "How good an answer was", schema: "Feedback"),
    get("/health", "The process lives"), get("/ready", "Requests are welcome; 503 while it drains"),
    get("/metrics", "Prometheus text"), get("/openapi.json", "This document"),
    post("/admin/reload", "Read configuration, prices and model anew", schema: nil),
  ].joined(separator: ",")

  private static func get(_ path: String, _ summary: String) -> String {
    "\"\(path)\":{\"get\":{\"summary\":\"\(summary)\",\"responses\":\(responses)}}"
  }

  private static func post(_ path: String, _ summary: String, schema: String?) -> String {
    let body = schema.map { "{\"schema\":{\"$ref\":\"#/components/schemas/\($0)\"}}" } ?? "{}"
    return "\"\(path)\":{\"post\":{\"summary\":\"\(summary)\",\"requestBody\":{\"required\":true,\"content\":"
      + "{\"application/json\":\(body)}},\"responses\":\(responses)}}"
  }

  private static let responses =
    "{\"200\":{\"$ref\":\"#/components/responses/JSON\"},\"default\":{\"$ref\":\"#/components/responses/Error\"}}"
}
