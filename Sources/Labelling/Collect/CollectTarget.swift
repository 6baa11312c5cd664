package import RequestLog
import TextKit

/// A model that is asked for the answers of a tier.
package struct CollectTarget: Sendable {
  /// The name under which outcomes are written.
  package var tier: String
  /// The model's name at the endpoint.
  package var model: String
  package var endpoint: ChatEndpoint
  package var price: TokenPrice

  package init(tier: String, model: String, endpoint: ChatEndpoint, price: TokenPrice) {
    (self.tier, self.model, self.endpoint, self.price) = (tier, model, endpoint, price)
  }

  /// Whether a record needs nothing of this tier: an outcome of the tier, or of its model, has an answer or a quality.
  func isKnown(in record: AnswerRecord) -> Bool {
    [tier, model].contains { name in
      guard let outcome = record.root["outcomes"]?[name] else { return false }
      return (outcome["answer"] ?? .null).isNull == false || (outcome["quality"] ?? .null).isNull == false
    }
  }

  /// Whether the model knows only the newer name of the limit of tokens.
  var namesLimitAnew: Bool {
    let name = model.lowercased().split(separator: "/").last ?? ""
    return ["o1", "o3", "o4", "gpt-5"].contains { name.hasPrefix($0) }
  }
}
