import Ockham

/// `GET /openapi.json`: the paths, for tools. Bodies of OpenAI's and Anthropic's endpoints are described by their own
/// documents; here is what is the gateway's.
enum OpenAPIDocument {
  static let json = """
    {"openapi":"3.1.0","info":{"title":"Ockham gateway","version":"\(OckhamVersion.text)","description":"Sends each request to the cheapest \
    tier that will get it right. Models: auto, auto:POLICY, router-NAME-THRESHOLD, a tier, a target."},\
    "components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"},"key":{"type":"apiKey","in":"header",\
    "name":"x-api-key"}},"schemas":{"Error":{"type":"object","required":["error"],"properties":{"error":{"type":"object",\
    "required":["message","type","param","code"],"properties":{"message":{"type":"string"},"type":{"type":"string"},\
    "param":{"type":["string","null"]},"code":{"type":["string","null"]},"attempts":{"type":"array","items":{"type":\
    "object"}}}}}},"Chat":{"type":"object","required":["model","messages"],"properties":{"model":{"type":"string"},\
    "messages":{"type":"array","minItems":1,"items":{"type":"object"}},"stream":{"type":"boolean"}}},"Feedback":{"type":\
    "object","required":["request_id"],"properties":{"request_id":{"type":"string"},"quality":{"type":"number","minimum":0,\
    "maximum":1},"accepted":{"type":"boolean"},"edited":{"type":"boolean"},"thumbs":{"enum":["up","down"]},\
    "rater":{"type":"string"},"probability":{"type":"number"},"tier":{"type":"string"}}}},\
    "responses":{"Error":{"description":"What was expected, what was found, what to do","content":{"application/json":\
    {"schema":{"$ref":"#/components/schemas/Error"}}}},"JSON":{"description":"Done","content":{"application/json":{}}}}},\
    "security":[{},{"bearer":[]},{"key":[]}],"paths":{\(paths)}}
    """

  private static let paths = templates.map { (template: String) -> String in
    let operations = EndpointRoute.all.filter { $0.template == template }.map(operation).joined(separator: ",")
    return "\"\(template)\":{\(operations)}"
  }.joined(separator: ",")

  /// Each once, in order.
  private static let templates = EndpointRoute.all.map(\.template).reduce(into: [String]()) { templates, next in
    if !templates.contains(next) { templates.append(next) }
  }

  /// A method of a path.
  private static func operation(_ route: EndpointRoute) -> String {
    let schema = route.schema.map { "{\"schema\":{\"$ref\":\"#/components/schemas/\($0)\"}}" } ?? "{}"
    let body = "\"requestBody\":{\"required\":true,\"content\":{\"application/json\":\(schema)}},"
    let parameters = route.parameterName.map {
      "\"parameters\":[{\"name\":\"\($0)\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],"
    }
    return "\"\(route.method.lowercased())\":{\"summary\":\"\(route.summary)\","
      + (parameters ?? "") + (route.method == "POST" ? body : "") + "\"responses\":\(responses)}"
  }

  private static let responses =
    "{\"200\":{\"$ref\":\"#/components/responses/JSON\"},\"default\":{\"$ref\":\"#/components/responses/Error\"}}"
}

extension EndpointRoute {
  static let openAPI = EndpointRoute.get("/openapi.json", "This document", needsKey: false) { _ in
    .json(Array(OpenAPIDocument.json.utf8))
  }
}
