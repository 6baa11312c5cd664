import Foundation
import Ockham
import TextKit

/// Reads the features of an answer: a blob in a database, Base64 in JSON.
struct ResponseFeatureDecoder {
  /// Whether a record had features of another version's extractor, which are skipped: the answer may stand beside them.
  private(set) var hasForeign = false

  static let remark =
    "response_features of another version skipped: the answer itself counts, where the log keeps it"

  mutating func features(base64 value: JSONValue) throws(RecordViolation) -> [UInt8]? {
    guard let data = Data(base64Encoded: try value.string("features in Base64")) else {
      throw RecordViolation(
        .incompatibleFeatures, field: nil, expected: "features in Base64", found: "another text",
        remedy: "write them as they came, or leave them out")
    }
    return try features([UInt8](data))
  }

  mutating func features(_ bytes: [UInt8]) throws(RecordViolation) -> [UInt8]? {
    do throws(StoredFeaturesError) {
      _ = try StoredResponse(bytes: bytes)
      return bytes
    } catch {
      if case .damaged = error {
        var violation = RecordViolation(error)
        (violation.field, violation.remedy) = (nil, "leave the features out")
        throw violation
      }
      hasForeign = true
      return nil
    }
  }
}
