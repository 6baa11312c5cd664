package import ChatProtocols
package import TextKit

/// What a request asks of the router beside its model: in headers, or in the body's `ockham` object. A header counts
/// before the same field of the body.
///
/// Limits can only be tightened: the smaller of the request's and the policy's cost and latency holds, and the greater
/// quality.
package struct RoutingOptions: Sendable, Hashable {
  package var maximumCostUSD: Double?
  package var minimumQuality: Double?
  package var maximumLatencyMilliseconds: Double?
  package var tier: String?
  package var policy: String?

  package init() {}

  /// Reads the options of a request.
  ///
  /// - Parameters:
  ///   - field: the `ockham` object of the body.
  ///   - header: the value of a header by its name in lower case.
  /// - Throws: ``GatewayError`` with status 400 that names the header or the field.
  package init(field: JSONNode?, header: (String) -> String?) throws(GatewayError) {
    if let field, !field.isNull { try read(field) }
    if let cost = try Self.number(header, "x-ockham-max-cost-usd", Self.positive) { maximumCostUSD = cost }
    if let quality = try Self.number(header, "x-ockham-min-quality", 0...1) { minimumQuality = quality }
    if let latency = try Self.number(header, "x-ockham-max-latency-ms", Self.positive) {
      maximumLatencyMilliseconds = latency
    }
    if let name = header("x-ockham-tier"), !name.isEmpty { tier = name }
    if let name = header("x-ockham-policy"), !name.isEmpty { policy = name }
  }

  private static let positive = Double.leastNonzeroMagnitude ... .greatestFiniteMagnitude

  private mutating func read(_ field: JSONNode) throws(GatewayError) {
    guard let members = field.members else { throw Self.wrongType("ockham", "an object", field) }
    for member in members where !member.value.isNull {
      let param = "ockham." + member.key
      switch member.key {
      case "max_cost_usd": maximumCostUSD = try Self.number(member.value, param, Self.positive)
      case "min_quality": minimumQuality = try Self.number(member.value, param, 0...1)
      case "max_latency_ms": maximumLatencyMilliseconds = try Self.number(member.value, param, Self.positive)
      case "tier": tier = try Self.text(member.value, param)
      case "policy": policy = try Self.text(member.value, param)
      default:
        throw GatewayError(
          .invalidValue,
          message: "Expected max_cost_usd, min_quality, max_latency_ms, tier or policy in ockham, "
            + "found \(SafeText.label(member.key)). Remove it.", param: "ockham")
      }
    }
  }

  private static func number(
    _ node: JSONNode, _ param: String, _ range: ClosedRange<Double>
  ) throws(GatewayError) -> Double {
    guard case .number = node.content else { throw wrongType(param, "a number", node) }
    guard let number = node.number, range.contains(number) else { throw outOfRange(param, range) }
    return number
  }

  private static func number(
    _ header: (String) -> String?, _ name: String, _ range: ClosedRange<Double>
  ) throws(GatewayError) -> Double? {
    guard let text = header(name), !text.isEmpty else { return nil }
    guard let number = Double(text), range.contains(number) else { throw outOfRange(name, range) }
    return number
  }

  private static func text(_ node: JSONNode, _ param: String) throws(GatewayError) -> String {
    guard let text = node.string else { throw wrongType(param, "a string", node) }
    return text
  }

  private static func wrongType(_ param: String, _ expected: String, _ found: JSONNode) -> GatewayError {
    GatewayError(.invalidType, message: "Expected \(expected) in \(param), found \(found.kindName).", param: param)
  }

  private static func outOfRange(_ param: String, _ range: ClosedRange<Double>) -> GatewayError {
    let expected = range.upperBound == 1 ? "a number from 0 to 1" : "a number above 0"
    return GatewayError(.invalidValue, message: "Expected \(expected) in \(param), found something else.", param: param)
  }
}
