import Foundation

/// Files of text: some providers take them decoded, and base64 for other data alone.
extension DataURL {
  /// Whether the media type is one of texts.
  var isText: Bool {
    mediaType.hasPrefix("text/") || Self.textTypes.contains(mediaType)
      || mediaType.hasPrefix("application/") && ["+json", "+xml"].contains(where: mediaType.hasSuffix)
  }

  /// The data as text; `nil` where they are no UTF-8.
  var decodedText: String? {
    // Padding is often left out.
    let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    let data =
      Data(base64Encoded: base64 + padding) ?? Data(base64Encoded: base64, options: .ignoreUnknownCharacters)
    return data.flatMap { String(data: $0, encoding: .utf8) }
  }

  private static let textTypes: Set<String> = [
    "application/json", "application/jsonl", "application/x-ndjson", "application/xml", "application/yaml",
    "application/x-yaml", "application/toml", "application/javascript", "application/x-javascript",
    "application/typescript", "application/sql", "application/csv", "application/x-sh",
  ]
}
