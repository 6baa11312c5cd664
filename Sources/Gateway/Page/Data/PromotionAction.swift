import ChatProtocols
import Foundation
import GatewayCore
import Registry
import TextKit

/// A decision about versions that a person makes on the page; the gateway follows the registry by itself a moment later.
enum PromotionAction: String, Sendable, Hashable, CaseIterable {
  case start, complete, abort, rollback

  /// The share of conversations that a canary has unless another is asked for.
  static let usualShare = 0.05

  /// Writes the decision down.
  /// - Throws: ``GatewayError/Code/notConfigured`` (409) where the registry refuses it, with its sentence.
  func carryOut(_ call: PageCall) throws(GatewayError) -> JournalEntry {
    guard call.form["confirm"] == "yes" else {
      throw GatewayError(
        .missingParameter, message: "confirm: expected yes, found none; say that you mean it", param: "confirm")
    }
    let path = try Self.path(call)
    let terms = try Self.terms(call)
    do throws(RegistryError) {
      var registry = try Registry(opening: URL(filePath: path))
      registry.lockSeconds = 2
      let statement = Registry.Statement(
        by: .init(isAutomatic: false, name: call.visitor?.name),
        reason: call.form["reason"].map { String($0.prefix(200)) } ?? "decided on the operator's page", time: call.now)
      // What is decided about is what the page showed: another candidate may have come since.
      let version = call.form["version"]
      switch self {
      case .start:
        return try registry.startCanary(
          of: version ?? "", share: terms.share, salt: RegistryPointer.makeSalt(), under: terms.conditions, statement)
      case .complete: return try registry.complete(only: version, statement)
      case .abort: return try registry.abort(only: version, statement)
      case .rollback: return try registry.rollBack(statement)
      }
    } catch { throw GatewayError(.notConfigured, message: "\(error)") }
  }

  static func path(_ call: PageCall) throws(GatewayError) -> String {
    if let path = call.runtime.configuration.registryPath { return path }
    throw GatewayError(
      .notConfigured, message: "Expected a registry of models, found none configured. Set registry to its folder.")
  }

  /// What a form asks of a canary; what it leaves out is as usual.
  private static func terms(_ call: PageCall) throws(GatewayError) -> (share: Double, conditions: CanaryConditions) {
    var conditions = CanaryConditions(completesByItself: call.form["auto"] == "yes")
    conditions.margin = try number(call, "margin") ?? conditions.margin
    conditions.confidence = try number(call, "confidence") ?? conditions.confidence
    return (try number(call, "share") ?? usualShare, conditions)
  }

  /// A number of a form; `nil` where it is left out.
  private static func number(_ call: PageCall, _ name: String) throws(GatewayError) -> Double? {
    guard let text = call.form[name], !text.isEmpty else { return nil }
    if let number = Double(text), (0...1).contains(number) { return number }
    throw GatewayError(
      .invalidValue, message: "\(name): expected a number from 0 to 1, found \(SafeText.label(text))", param: name)
  }
}
