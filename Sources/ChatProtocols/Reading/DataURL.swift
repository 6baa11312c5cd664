/// Data in a URL: `data:image/png;base64,…`. Source: RFC 2397; base64 alone.
struct DataURL {
  /// The media type as it is registered: in lower case, and by its proper name.
  var mediaType: String
  var base64: String

  init?(_ url: String) {
    guard Self.isData(url), let comma = url.utf8.firstIndex(of: UInt8(ascii: ",")) else {
      return nil
    }
    let parameters = url[..<comma].dropFirst(5).split(separator: ";", omittingEmptySubsequences: false)
    guard parameters.last.map({ Self.trimmed($0).lowercased() }) == "base64" else { return nil }
    let type = parameters.first.map { Self.trimmed($0).lowercased() } ?? ""
    mediaType = Self.properNames[type] ?? type
    base64 = String(url[url.utf8.index(after: comma)...])
  }

  /// Whether a URL holds its data, in base64 or otherwise.
  static func isData(_ url: String) -> Bool { url.prefix(5).lowercased() == "data:" }

  static func text(mediaType: String, base64: String) -> String { "data:\(mediaType);base64,\(base64)" }

  private static func trimmed(_ text: Substring) -> Substring {
    let rest = text.drop(while: \.isWhitespace)
    return rest.lastIndex { !$0.isWhitespace }.map { rest[...$0] } ?? ""
  }

  /// What clients say for types that are registered by other names.
  private static let properNames = [
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
    "application/x-pdf": "application/pdf",
  ]
}
