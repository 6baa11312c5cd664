extension ConfigurationReader {
  /// The program that prints a provider's key, with what goes with it.
  static func keyCommand(_ map: ConfigurationMap) -> KeyCommand? {
    guard let node = map["key_command"] else {
      for key in ["key_command_env", "key_ttl_s", "key_timeout_s"] {
        map[key]?.report(expected: "key_command beside it", found: "none", remedy: "add key_command, or remove \(key)")
      }
      return nil
    }
    guard let arguments = node.list()?.compactMap({ $0.text("a program or an argument") }) else { return nil }
    guard !arguments.isEmpty else {
      node.report(
        expected: "a program and its arguments", found: "an empty list",
        remedy: "write a list: key_command: [gcloud, auth, print-access-token]")
      return nil
    }
    map["key_env"]?.report(
      expected: "either key_env or key_command", found: "both", remedy: "remove the one that does not hold")
    var command = KeyCommand(arguments: arguments)
    map.set("key_command_env", &command.variables) { $0.texts("the name of a variable") }
    map.set("key_ttl_s", &command.timeToLiveSeconds) { $0.number(in: 1...31_536_000) }
    map.set("key_timeout_s", &command.timeLimitSeconds) { $0.number(in: 0.001...600) }
    return command
  }
}
