import ChatProtocols
import GatewayCore
import TextKit

/// Reads a person's rating from feedback: `rater`, and perhaps `probability` and `tier` beside a quality. Labels that decide are
/// corrected by such ratings, so that clients' keys may not give them: the administrator may, and anybody who reaches a gateway that
/// has neither keys nor an administrator's.
struct PersonRatingReader {
  let call: EndpointCall

  /// `nil` for feedback without a rater, which is a user's.
  func rating(in root: JSONNode) throws(GatewayError) -> GivenRating? {
    guard let node = root["rater"] else {
      for name in ["probability", "tier"] where root[name] != nil {
        throw GatewayError(
          .invalidValue, message: "\(name): expected a rater beside it, found none; say who rates, or leave it out",
          param: name)
      }
      return nil
    }
    guard let rater = node.string, (1...128).contains(rater.utf8.count), !rater.utf8.contains(0) else {
      throw GatewayError(
        .invalidValue, message: "rater: expected a name of 1 to 128 bytes, found \(node.kindName)", param: "rater")
    }
    try checkRight()
    let said = try FeedbackService.feedback(in: root, at: call.shared.clock.unixSeconds())
    return GivenRating(
      requestID: said.requestID, name: try root["tier"].map(name), quality: said.quality, rater: rater,
      probability: try root["probability"].map(probability), time: said.time)
  }

  private func checkRight() throws(GatewayError) {
    let configuration = call.runtime.configuration
    let isOpen = configuration.keys.isEmpty && configuration.adminKeyVariable == nil
    guard call.key != nil || !(isOpen || call.gateway.isFromAdministrator(call.incoming)) else { return }
    throw GatewayError(
      .invalidKey,
      message:
        "rater: expected the administrator's key, found another or none; set admin_key_env, and send that key as a bearer's",
      param: "rater")
  }

  /// The tier, or the target outside the tiers, whose answer was rated.
  private func name(_ node: JSONNode) throws(GatewayError) -> String {
    let configuration = call.runtime.configuration
    let known = call.runtime.tierNames + configuration.extraTargets.map(\.name)
    if let name = node.string, known.contains(name) { return name }
    throw GatewayError(
      .invalidValue,
      message:
        "tier: expected one of \(known.joined(separator: ", ")), found \(node.kindName == "a string" ? "another name" : node.kindName)",
      param: "tier")
  }

  private func probability(_ node: JSONNode) throws(GatewayError) -> Double {
    if let number = node.number, number > 0, number <= 1 { return number }
    throw GatewayError(
      .invalidValue,
      message: "probability: expected a number above 0, at most 1, found \(node.kindName)", param: "probability")
  }
}
