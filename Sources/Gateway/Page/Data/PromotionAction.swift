import ChatProtocols
import Foundation
import GatewayCore
import Registry
import TextKit

/// A decision about versions that a person makes on the page; the gateway follows the registry by itself a moment later.
enum PromotionAction: String, Sendable, Hashable, CaseIterable {
  case start, complete, abort, rollback

  /// Writes the decision down.
  /// - Throws: ``GatewayError/Code/notConfigured`` (409) where the registry refuses it, with its sentence.
  func carryOut(_ call: PageCall) throws(GatewayError) -> JournalEntry {
    guard call.form["confirm"] == "yes" else {
      throw GatewayError(
        .missingParameter, message: "confirm: expected yes, found none; say that you mean it", param: "confirm")
    }
    let path = try Self.path(call)
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
          of: version ?? "", share: Self.number(call, "share") ?? 0.05, salt: RegistryPointer.makeSalt(),
          under: CanaryConditions(
            margin: Self.number(call, "margin") ?? 0.01, confidence: Self.number(call, "confidence") ?? 0.95,
            completesByItself: call.form["auto"] == "yes"), statement)
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

  /// A number of a form, where it can be one of ``CanaryConditions`` or a share; `nil` else.
  private static func number(_ call: PageCall, _ name: String) -> Double? {
    call.form[name].flatMap { Double($0) }.flatMap { (0...1).contains($0) ? $0 : nil }
  }
}
