import TextKit

/// A field of rows that holds something of several models: an object by model (`{"scores": {"m": 1}}`), or a list of
/// objects that name theirs (`{"completions": [{"model": "m", …}]}`).
struct ModelFields {
  /// The field's name.
  let path: String
  /// What the values by model are; `nil` where they are objects with parts of their own.
  let part: FieldPart?
  /// Whether the field itself has a model's name.
  var isOfOneModel = false

  private static let names: [String: FieldPart?] = [
    "outcomes": nil, "results": nil, "models": nil, "evaluations": nil,
    "candidates": nil, "scores": .quality, "ratings": .quality, "qualities": .quality, "grades": .quality,
    "correctness": .quality, "judgements": .quality, "judgments": .quality, "responses": .response,
    "answers": .response, "outputs": .response, "completions": .response, "generations": .response,
    "model_outputs": .response, "model_responses": .response, "predictions": .response, "costs": .cost,
    "performance": .quality, "performances": .quality, "accuracies": .quality, "latencies_ms": .latency,
  ]

  /// Keys of a response's body, which are no models.
  private static let noModels: Set<String> = [
    "answer", "choices", "content", "error", "generations", "id", "message", "messages", "model", "output", "response",
    "role", "score", "text", "type", "usage",
  ]

  var title: String {
    isOfOneModel ? "outcome of that model" : part.map { "\($0.title) by model" } ?? "outcomes by model"
  }

  /// The fields of rows that are such.
  static func find(in sample: [JSONNode], _ ratings: RatingScale) -> [ModelFields] {
    var found: [ModelFields] = []
    for member in sample.flatMap({ $0.members ?? [] }) where !found.contains(where: { $0.path == member.key }) {
      guard let part = names[FieldName.words(of: member.key)] else { continue }
      let inner = member.value.unfolded
      if let members = inner.members, !members.isEmpty {
        if members.contains(where: { noModels.contains($0.key) }) { continue }
        let areObjects = members.allSatisfy { $0.value.members != nil }
        if areObjects || members.allSatisfy({ Self.fits($0.value, part, ratings) }) {
          found.append(ModelFields(path: member.key, part: areObjects ? nil : part ?? .quality))
        }
      } else if inner.isListOfObjects, let first = inner.elements?.first, FieldMap.modelName(of: first) != nil {
        found.append(ModelFields(path: member.key, part: nil))
      }
    }
    return found.isEmpty ? named(by: sample) : found
  }

  /// Fields that have models' names and hold their outcomes: two at least, or no one could tell them from other objects.
  private static func named(by sample: [JSONNode]) -> [ModelFields] {
    var keys: [String] = []
    for member in sample.flatMap({ $0.members ?? [] }) where !keys.contains(member.key) {
      if isOutcome(member.value.unfolded), !isPart(member.key) { keys.append(member.key) }
    }
    return keys.count < 2 ? [] : keys.map { ModelFields(path: $0, part: nil, isOfOneModel: true) }
  }

  private static func isOutcome(_ value: JSONNode) -> Bool {
    guard value.members != nil, value["messages"] == nil, value["role"] == nil else { return false }
    let score = FieldMap.first(.quality, in: value).flatMap { RatingScale().quality(of: $0) ?? $0.decimal }
    return score != nil
      || FieldMap.first(.response, in: value)?.string != nil && FieldMap.first(.cost, in: value) != nil
  }

  /// Whether a key is one of the usual names of something else.
  private static func isPart(_ key: String) -> Bool {
    let word = FieldName.words(of: key)
    let others = [
      "metadata", "meta", "extra", "evaluation", "eval", "evaluator", "tags", "properties", "context", "call", "judge",
      "grader", "human", "reviewer", "metrics", "result", "details", "config", "settings", "annotation", "annotations",
    ]
    return noModels.contains(word) || others.contains(word) || FieldPart.allCases.contains { $0.names.contains(word) }
  }

  private static func fits(_ value: JSONNode, _ part: FieldPart?, _ ratings: RatingScale) -> Bool {
    switch part {
    case nil, .quality?: value.isNull || ratings.quality(of: value) != nil || value.decimal != nil
    case .response?: value.isNull || value.string != nil || value.elements != nil
    default: value.isNull || value.decimal != nil
    }
  }

  /// The values of a row, by model.
  func values(in row: JSONNode) -> [(model: String, value: JSONNode)] {
    guard let inner = row[path]?.unfolded else { return [] }
    if isOfOneModel { return inner.members == nil ? [] : [(path, inner)] }
    if let members = inner.members { return members.filter { !$0.value.isNull }.map { ($0.key, $0.value) } }
    return (inner.elements ?? []).compactMap { element in FieldMap.modelName(of: element).map { ($0, element) } }
  }
}

extension FieldMap {
  /// The model that an object names.
  static func modelName(of object: JSONNode) -> String? { first(.model, in: object)?.string }

  /// The value of a part in an object by its usual names.
  static func first(_ part: FieldPart, in object: JSONNode) -> JSONNode? {
    for name in part.names {
      for member in object.members ?? [] where FieldName.words(of: member.key) == name && !member.value.isNull {
        return member.value
      }
    }
    return nil
  }
}
