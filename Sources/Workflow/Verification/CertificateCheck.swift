import Evaluation
import Foundation
import Ockham
package import TextKit

/// The result of proving a certificate again.
package struct CertificateCheck: Sendable {
  package let path: String
  /// What is wrong; `nil` where the guarantee is proven.
  package let fault: String?
  private let statement: String
  private let data: String?
  private let model: String

  /// - Throws: ``WorkflowError`` for a file that is not there or no certificate.
  package init(path: String) throws(WorkflowError) {
    self.path = path
    let data = try NamedFile(path, kind: "certificate").data
    let node = try? JSONParser.parse([UInt8](data))
    guard let node, let format = node["format"]?.string else {
      throw .badData(
        "\(path): expected a certificate, found another file; name the \(Certificate.fileName) beside a model")
    }
    guard format == Certificate.formatName, let statement = node["statement"]?.string,
      let model = node["model"]?.string, let guarantee = node["promise"]
    else {
      throw .badData(
        "\(path): expected \(Certificate.formatName), found \(SafeText.label(format)); check it with the version that wrote it"
      )
    }
    (self.statement, self.model, self.data) = (statement, model, node["data"]?.string)
    if guarantee.isNull {
      fault = "nothing is guaranteed"
    } else if let read = GuaranteeCertificate(guarantee) {
      fault = read.fault ?? Self.mismatch(path, model)
    } else {
      fault = "the guarantee cannot be read"
    }
  }

  /// Whether the model beside the certificate is another than it is of; `nil` where there is none, or the same.
  private static func mismatch(_ path: String, _ model: String) -> String? {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard let beside = try? ModelFolder(folder), beside.model.identifier.hexadecimal != model else { return nil }
    return "the model beside it is \(beside.model.identifier.hexadecimal), not \(SafeText.label(model))"
  }

  /// What it comes to, a sentence each.
  package var sentences: [String] {
    let name = SafeText.name(path, limit: 400)
    return [
      fault.map { "\(name): not proven: \($0)." } ?? "\(name): the guarantee is proven from its numbers.",
      SafeText.visible(statement), "model  \(SafeText.label(model))",
    ] + (data.map { ["data   \(SafeText.label($0))"] } ?? [])
  }

  /// With stable names, in a stable order.
  package var json: JSONNode {
    .object([
      ("path", .string(path)), ("kind", .string("certificate")), ("whole", .boolean(fault == nil)),
      ("statement", .string(statement)), ("model", .string(model)), ("data", data.map(JSONNode.string) ?? .null),
      ("break", fault.map { .object([("place", .integer(0)), ("reason", .string($0))]) } ?? .null),
    ])
  }
}
