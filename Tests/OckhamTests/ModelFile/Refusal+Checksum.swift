@testable import Ockham

/// Files whose checksum is not that of their tensors, or none at all.
extension Refusal {
  /// SHA-256 of nothing.
  private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  private static func checksum(_ name: String, _ found: String, _ error: ModelFileError? = nil) -> Refusal {
    let malformed = ModelFileError.metadataValue(
      key: "tensors_sha256", expected: "64 lower-case hexadecimal digits", found: found)
    let header = """
      {"__metadata__":{"format":"\(Model.formatName)","feature_schema":"\(FeatureSchema.fingerprint)",\
      "tensors_sha256":"\(found)"}}
      """
    return Refusal("checksum: " + name, rawFile(header), error ?? malformed)
  }

  static var checksums: [Refusal] {
    let zeros = String(repeating: "0", count: 64)
    return [
      checksum("empty", ""),
      checksum("63 digits", String(empty.dropLast())),
      checksum("65 digits", empty + "0"),
      checksum("upper case", empty.uppercased()),
      checksum("no digit", "g" + empty.dropFirst()),
      checksum("digits of another script", String(repeating: "٣", count: 32)),
      checksum("space before", " " + empty.dropLast()),
      checksum("of other tensors", zeros, .tensorsChecksum(expected: zeros, found: empty)),
      checksum("right, nothing else", empty, .missingMetadata("features")),
    ]
  }
}
