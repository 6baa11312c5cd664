/// The configuration file: YAML, read to its end, with everything that is wrong reported at once.
///
/// Paths in it are relative to the working directory. Keys, passwords and tokens do not belong into it: the names of
/// environment variables do. See `gateway.example.yaml` for every key.
package enum ConfigurationFile {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - text: the file's text.
  ///   - path: the file's path, for messages.
  ///   - environment: the value of an environment variable; only whether there is one is looked at.
  /// - Returns: the configuration, or `nil` where there is an error; and all problems, in the order of the file.
  ///   Warnings alone leave the configuration usable: an environment variable may be set later.
  package static func read(
    text: String, path: String, environment: (String) -> String?
  ) -> (configuration: GatewayConfiguration?, problems: [ConfigurationProblem]) {
    let problems = ProblemList(file: path)
    guard let root = YAMLDocument.read(text, into: problems) else { return (nil, problems.inOrder) }
    guard SecretScan.report(root) else { return (nil, problems.inOrder) }
    var reader = ConfigurationReader(problems: problems)
    reader.read(root)
    reader.warnOfMissingVariables(environment)
    return (problems.hasErrors ? nil : reader.configuration, problems.inOrder)
  }
}

/// Reports values that look like keys, wherever they stand.
enum SecretScan {
  /// Aliases make a small file a large tree. Without them the longest file has fewer values.
  static let maximumValues = YAMLDocument.maximumBytes / 2

  /// Returns `false` after it has reported that the tree is too large to be read.
  static func report(_ root: ConfigurationNode) -> Bool {
    var open = [root]
    var seen = 0
    while let next = open.popLast() {
      seen += 1
      guard seen + open.count <= maximumValues else {
        root.report(
          expected: "at most \(maximumValues) values, every alias counted as what it stands for", found: "more",
          remedy: "use fewer aliases")
        return false
      }
      if let text = next.node.scalar?.string {
        guard SecretText.looksLikeOne(text) else { continue }
        next.report(
          expected: "no secret in the file", found: "what looks like a key",
          remedy: "revoke it if this file was shared, and name an environment variable instead: key_env: NAME")
      } else if next.node.mapping != nil {
        open += (next.entries(of: "a mapping") ?? []).map(\.value)
      } else if next.node.sequence != nil {
        open += next.list() ?? []
      }
    }
    return true
  }
}
