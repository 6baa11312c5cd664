extension FaultUpstream.Received {
  /// The path as it came, and the parts of its query.
  var target: (path: String, query: [String]) {
    let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
    let parts = (words.count > 1 ? words[1] : "").split(separator: "?", maxSplits: 1)
    return (String(parts.first ?? ""), parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : [])
  }

  /// The headers as they came, with names in lower case.
  var headers: [(name: String, value: String)] {
    head.split(separator: "\r\n").dropFirst().map { line in
      (line.prefix { $0 != ":" }.lowercased(), String(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }))
    }
  }

  /// The values of a header.
  func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}
