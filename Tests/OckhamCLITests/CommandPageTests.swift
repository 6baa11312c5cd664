import Foundation
import OckhamTraining
import Testing

/// The pages about commands, settings and JSON keys name all that there is.
@Suite struct CommandPageTests {
  private static func page(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "Sources/Ockham/Ockham.docc/CommandLine/\(name).md")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test(arguments: HelpTests.commands) func everyOptionIsOnItsPage(command: String) throws {
    let page = try Self.page("Command\(command.capitalized)")
    #expect(page.hasPrefix("# ockham \(command)\n"))
    let help = try Tool.run(command, "--help").output
    let options = help.split(separator: "\n").filter { $0.hasPrefix("  ") }.flatMap { line in
      line.matches(of: /^  (?:-\w, )?(--[a-z][a-z0-9-]*)/).map { String($0.output.1) }
    }
    #expect(options.contains("--help"))
    for option in options where option != "--help" && option != "--version" {
      #expect(page.contains("| `\(option)"), "Command\(command.capitalized).md lacks \(option)")
    }
  }

  @Test func everySettingIsOnItsPageWithItsDefault() throws {
    let page = try Self.page("RecipeSettings")
    let settings = try JSONSerialization.jsonObject(with: Data(Recipe().canonicalJSON)) as? [String: Any] ?? [:]
    let network = settings["network"] as? [String: Any] ?? [:]
    #expect(settings.count > 15 && network.count > 5)
    for (name, value) in settings.merging(network, uniquingKeysWith: { first, _ in first }) {
      let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| `\(name)` |") }, "\(name)")
      guard name != "network" else { continue }
      let cell = try #require(row.split(separator: "|").dropFirst(3).first).filter { $0 != "`" }
      let stated = try JSONSerialization.jsonObject(with: Data(cell.utf8), options: .fragmentsAllowed)
      #expect(Self.isEqual(stated, value), "\(name): the page says \(cell)")
    }
  }

  /// Equal but for what a number loses between 32 bits and text.
  private static func isEqual(_ stated: Any, _ value: Any) -> Bool {
    if let stated = stated as? Double, let value = value as? Double { return abs(stated - value) <= 1e-6 * abs(value) }
    if let stated = stated as? [Double], let value = value as? [Double] { return stated == value }
    return "\(stated)" == "\(value)"
  }

  @Test func everyKeyIsOnThePageOfOutputs() throws {
    let sample = Sample.shared
    let page = try Self.page("JSONOutputs")
    let runs = [
      [
        "evaluate", "--model", sample.router, sample.fresh, "--by", "dataset", "--robustness", "--robustness-rows", "3",
      ],
      ["compare", sample.router, sample.candidate, sample.fresh], ["route", "--model", sample.router, "a prompt"],
    ]
    var documents = try runs.map { try Tool.run($0 + ["--format", "json"]).json() }
    let metrics = try Data(contentsOf: URL(filePath: sample.router + "/metrics.json"))
    documents.append(try #require(try JSONSerialization.jsonObject(with: metrics) as? [String: Any]))
    for document in documents {
      #expect(document.count > 5)
      for key in Self.keys(document) { #expect(page.contains("`\(key)`") || page.contains("\"\(key)\""), "\(key)") }
    }
  }

  /// Objects whose keys are names: of tiers, groups, kinds and tokens.
  private static let mapsByName: Set = [
    "by", "probability", "expected_cost_usd", "reliability", "recall", "noise", "tokens_from_list",
    "saved_at", "quality_kept_at",
  ]

  private static func keys(_ value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.reduce(into: Set(object.keys)) { found, member in
      let inner = member.value as? [String: Any]
      guard let inner, mapsByName.contains(member.key) else { return found.formUnion(keys(member.value)) }
      for value in inner.values { found.formUnion(keys(value)) }
    }
  }
}
