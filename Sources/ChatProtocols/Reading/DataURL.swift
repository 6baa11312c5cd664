/// Data in a URL: `data:image/png;base64,…`. Source: RFC 2397; base64 alone.
struct DataURL {
  var mediaType: String
  var base64: String

  init?(_ url: String) {
    guard url.utf8.starts(with: "data:".utf8), let comma = url.utf8.firstIndex(of: UInt8(ascii: ",")) else {
      return nil
    }
    let parameters = url[..<comma].dropFirst(5).split(separator: ";", omittingEmptySubsequences: false)
    guard parameters.last == "base64" else { return nil }
    mediaType = parameters.first.map(String.init) ?? ""
    base64 = String(url[url.utf8.index(after: comma)...])
  }

  static func text(mediaType: String, base64: String) -> String { "data:\(mediaType);base64,\(base64)" }
}
