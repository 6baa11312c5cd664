import Foundation
import Ockham
import RequestLog

/// Which features moved a request towards an upper tier, as far as enough of it is kept to score it again.
struct RequestExplanation: Sendable {
  /// The tiers that are compared.
  var lower: String
  var upper: String
  /// What each part adds to the difference of logits, the largest first.
  var parts: [(name: String, value: Float)]

  /// Why there is none.
  enum Failure: Error, Sendable, Hashable {
    case noModel
    case otherModel
    case notKept
    case notWeighed

    var sentence: String {
      switch self {
      case .noModel: "No model scores requests: rules and limits decide alone."
      case .otherModel: "Another model decided than the one that serves now, so its weights are not at hand."
      case .notKept:
        "Neither the features nor the text of the request is kept. With telemetry.prompts: features later requests can be explained."
      case .notWeighed: "Nothing was weighed: where the request goes was said by its client or a rule."
      }
    }
  }

  private static let shown = 12

  /// - Throws: ``Failure``.
  init(_ request: StoredRequest, model: Model?) throws(Failure) {
    guard let model else { throw .noModel }
    let decision = request.record.decision
    guard decision["probabilities"].text != nil else { throw .notWeighed }
    guard decision["model_hash"].text == model.identifier.hexadecimal else { throw .otherModel }
    var scratch = model.makeScratch()
    guard let row = request.record.request, Self.score(row, model, &scratch) else { throw .notKept }
    let names = model.tierNames
    let decided = decision["tier"].text.flatMap { names.firstIndex(of: $0) } ?? 0
    let top = decided > 0 ? decided : names.count - 1
    (lower, upper) = (names[0], names[top])
    let explanation = model.explain(scratch, from: 0, to: top)
    var parts = explanation.contributions.map { (name: $0.name, value: $0.value) }
    parts += Namespace.allCases.map { (name: "words of the \($0)", value: explanation.nGrams[$0]) }
    if explanation.hidden != 0 { parts.append((name: "words and structure together", value: explanation.hidden)) }
    self.parts = Array(
      parts.filter { $0.value != 0 }.sorted { $0.value.magnitude > $1.value.magnitude }.prefix(Self.shown))
  }

  private static func score(_ row: TelemetryRow, _ model: Model, _ scratch: inout Scratch) -> Bool {
    if case .bytes(let bytes) = row["features"], let features = try? StoredFeatures(bytes: bytes),
      features.fit(model.extractor.options)
    {
      model.score(features, into: &scratch)
      return true
    }
    guard let text = row["request"].text, let read = try? RequestParser()?.request(fromJSON: Array(text.utf8)) else {
      return false
    }
    model.score(read, into: &scratch)
    return true
  }
}
