extension ConfigurationReader {
  /// Reads `{target, paths}`, or a list of such.
  mutating func readPassthrough(_ node: ConfigurationNode) {
    for child in node.oneOrMore() {
      guard let map = child.map("target", "paths"),
        let target = map.required("target", "the name of a target").flatMap(targetName),
        let paths = map.required("paths", "a list of paths such as /v1/files or /v1/images/*")
      else { continue }
      configuration.passthrough.append(
        PassthroughConfiguration(target: target, paths: paths.oneOrMore().compactMap(Self.passedPath)))
    }
  }

  private static func passedPath(_ node: ConfigurationNode) -> String? {
    let expected = "a path such as /v1/files, or /v1/images/* for all below"
    guard let text = node.text(expected) else { return nil }
    let plain = text.hasSuffix("/*") ? String(text.dropLast(2)) : text
    let isBelow = plain == "/v1" && plain != text || plain.hasPrefix("/v1/")
    if isBelow, PassthroughConfiguration.isPlain(plain), !plain.contains("*") { return text }
    node.report(
      expected: expected,
      remedy: "begin with /v1/, without .., // and escapes of them; * stands at the end alone, behind a /")
    return nil
  }
}
