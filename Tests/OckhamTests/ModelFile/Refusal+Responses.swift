@testable import Ockham

/// Files whose response heads are damaged.
extension Refusal {
  static var responses: [Refusal] {
    let inputs = ResponseFeatures.names.count + 2
    let names = [
      "gram.weight", "gram.scale", "dense.mean", "dense.inverse_deviation", "dense.weight", "bias", "unlike",
      "calibration.0.platt",
    ].map { "response.0." + $0 }
    return names.map { missing($0, .responses) } + [
      shape("response.0.dense.weight", [inputs, 3], expected: "F32 [\(inputs), 2]", .responses),
      shape("response.0.dense.mean", [inputs - 1], expected: "F32 [\(inputs)]", .responses),
      shape("response.0.bias", [3], expected: "F32 [2]", .responses),
      value("response.0.bias", 1, .nan, .responses),
      value("response.0.dense.weight", 7, .infinity, .responses),
      value("response.0.unlike", 0, 0, expected: "a number above 0, at most 2", .responses),
      value("response.0.unlike", 0, 2.5, expected: "a number above 0, at most 2", .responses),
      Refusal("response head without hidden layers", of: .responses, .missingTensor("response.0.hidden.weight")) {
        $0.reshape("response.0.gram.weight", 1 << 10, 4)
        $0.reshape("response.0.gram.scale", 4)
      },
    ] + parts + descriptions
  }

  private static var parts: [Refusal] {
    let known = "no part but drift, response, cascade, unfamiliarity, once"
    func parts(_ value: String, _ expected: String) -> Refusal {
      Refusal("parts \(value)", of: .responses, .metadataValue(key: "parts", expected: expected, found: value)) {
        $0.metadata["parts"] = value
      }
    }
    return [
      Refusal("parts without a checksum", of: .responses, .missingMetadata("tensors_sha256")) {
        $0.metadata["tensors_sha256"] = nil
      },
      Refusal("parts without their names", of: .responses, .missingMetadata("parts")) { $0.metadata["parts"] = nil },
      Refusal("response heads of a file without parts", of: .responses, .unexpectedTensor("response.0.dense.mean")) {
        $0.metadata["format"] = Model.formatName
      },
      Refusal("response heads without a description", of: .responses, .missingMetadata("response")) {
        $0.metadata["response"] = nil
      },
      parts(#"["temperature"]"#, known), parts(#"["response","response"]"#, known),
      parts("{}", "an array of strings"),
      Refusal(
        "a description of a part that is not there", of: .responses,
        .metadataValue(key: "response", expected: "no such key without the part", found: "{}")
      ) { ($0.metadata["parts"], $0.metadata["response"]) = ("[]", "{}") },
    ]
  }

  private static func description(
    _ expected: String, schema: String = ResponseFeatures.fingerprint, answering: String = "[0]",
    calibration: String = #"[["platt","isotonic"]]"#
  ) -> Refusal {
    let value = #"{"schema":"\#(schema)","answering":\#(answering),"calibration":\#(calibration)}"#
    return Refusal(
      "response heads: \(value)", of: .responses, .metadataValue(key: "response", expected: expected, found: value)
    ) { $0.metadata["response"] = value }
  }

  private static var descriptions: [Refusal] {
    let tiers = "answering tiers from 0 below 1, rising"
    let kinds = "platt or isotonic for each head"
    let form = "an object with schema, answering, calibration"
    return [
      description("schema \(ResponseFeatures.fingerprint)", schema: "0123456789abcdef"),
      description(tiers, answering: "[]"), description(tiers, answering: "[1]"), description(tiers, answering: "[0,0]"),
      description(tiers, answering: #"["t0"]"#), description(form, answering: "0"),
      description(kinds, calibration: "[]"), description(kinds, calibration: #"[["platt"]]"#),
      description(kinds, calibration: #"[["platt",1]]"#), description(form, calibration: #"{"a":1}"#),
      Refusal(
        "response heads: unknown calibration", of: .responses,
        .metadataValue(key: "response", expected: #""platt" or "isotonic""#, found: "beta")
      ) {
        $0.metadata["response"] = $0.metadata["response"]?.replacing("isotonic", with: "beta")
      },
    ]
  }
}
