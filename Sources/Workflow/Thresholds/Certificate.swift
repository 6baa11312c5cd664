import Evaluation
import Ockham
import TextKit

/// The certificate beside a model: what its thresholds guarantee, of which model, from which numbers; or that they guarantee nothing.
///
///     {"format":"ockham-certificate/1","version":…,"model":…,"tiers":[…],"thresholds":[…],"statement":…,"promise":{…}|null,"data":…|null}
struct Certificate {
  static let fileName = "certificate.json"
  static let formatName = "ockham-certificate/1"

  private let node: JSONNode
  /// Whether it guarantees anything.
  let isProven: Bool

  init(_ thresholds: CalibratedThresholds, model: Model) {
    let proven = thresholds.isGuaranteed ? thresholds.certificate : nil
    isProven = proven != nil
    node = .object([
      ("format", .string(Self.formatName)), ("version", .string(OckhamVersion.text)),
      ("model", .string(model.identifier.hexadecimal)), ("tiers", .strings(model.tierNames)),
      ("thresholds", .array(model.thresholds.increments.map { .number(Double($0)) })),
      ("statement", .string(thresholds.statement)),
      ("promise", proven.map { .object($0.guarantee.members) } ?? .null),
      ("data", proven.map { .string($0.data) } ?? .null),
    ])
  }

  var bytes: [UInt8] { Array((node.text() + "\n").utf8) }
}
