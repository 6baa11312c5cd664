import ArgumentParser
import TextKit

/// What a mistyped command or option was probably meant to be.
struct Correction {
  /// One sentence such as `did you mean "train" instead of "trian"?`.
  let sentence: String

  /// Looks at the words of a command line that did not parse; `nil` where they are known, or the command is not near to
  /// any.
  init?(_ arguments: [String], of root: any ParsableCommand.Type) {
    guard let first = arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
    let commands = Self.commands(of: root)
    guard let command = commands.first(where: { $0.name == first }) else {
      guard let meant = NearestName.to(first, among: commands.map(\.name)) else { return nil }
      sentence = Self.question(meant, first)
      return
    }
    let known = Self.options(of: command.type, root)
    let typed = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
    guard let option = typed.first(where: { !known.contains($0) && $0 != "--" }) else { return nil }
    let meant = NearestName.to(String(option.dropFirst(2)), among: known.sorted().map { String($0.dropFirst(2)) })
    sentence =
      meant.map { Self.question("--" + $0, option) } ?? "\(first) has no option \"\(SafeText.name(option))\""
  }

  /// What is wrong with `help X`, where there is no command X.
  static func unknownTopic(_ arguments: [String], of root: any ParsableCommand.Type) -> String? {
    let commands = commands(of: root)
    guard arguments.count == 2, arguments[0] == "help", !commands.contains(where: { $0.name == arguments[1] }) else {
      return nil
    }
    let topic = arguments[1]
    guard topic != "help" else { return nil }
    let names = commands.map(\.name).joined(separator: ", ")
    let meant = NearestName.to(topic, among: commands.map(\.name)).map { "; " + question($0, topic) } ?? ""
    return "help: expected one of \(names), found \(SafeText.name(topic))\(meant)"
  }

  private static func question(_ meant: String, _ typed: String) -> String {
    "did you mean \"\(meant)\" instead of \"\(SafeText.name(typed))\"?"
  }

  private static func commands(of root: any ParsableCommand.Type) -> [(name: String, type: any ParsableCommand.Type)] {
    root.configuration.subcommands.compactMap { type in type.configuration.commandName.map { ($0, type) } }
  }

  /// The long options that a command's help lists.
  private static func options(of command: any ParsableCommand.Type, _ root: any ParsableCommand.Type) -> Set<String> {
    let help = root.helpMessage(for: command)
    return Set(help.matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) })
  }
}
