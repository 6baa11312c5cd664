import Testing

@testable import GatewayCore

/// Which paths are passed on, and which never.
struct PassthroughTests {
  private let files = PassthroughConfiguration(target: "t", paths: ["/v1/files", "/v1/images/*"])

  @Test(arguments: [
    ("/v1/files", true), ("/v1/files/", false), ("/v1/files/f1", false), ("/v1/filesystem", false),
    ("/v1/images", false), ("/v1/images/", false), ("/v1/images/edits", true), ("/v1/images/a/b/c", true),
    ("/v1/images/a%20b", false), ("/v1/images/a%C3%A4b", true), ("/v1/images/a:run", true), ("/v1/other", false),
    // What another reader of the path may take for another path.
    ("/v1/images/..", false), ("/v1/images/../files", false), ("/v1/images/./a", false), ("/v1/images//a", false),
    ("/v1//images/a", false), ("//v1/images/a", false), ("/v1/images/%2e%2e/a", false), ("/v1/images/a%2Fb", false),
    ("/v1/images/a%2fb", false), ("/v1/images/a%5Cb", false), ("/v1/images/a\\b", false), ("/v1/images/%252e", false),
    ("/v1/images/a%00", false), ("/v1/images/a%0d%0a", false), ("/v1/images/a%zz", false), ("/v1/images/a%2", false),
    ("/v1/images/a;b", false), ("/v1/images/a#b", false), ("/v1/images/a b", false), ("v1/images/a", false),
    ("", false),
    ("/v1/images/ä", false), ("/v1/images/..a", true), ("/v1/images/a?b", false),
  ])
  func takesPlainPathsAlone(path: String, isTaken: Bool) {
    #expect(files.takes(path) == isTaken, "\(path)")
  }

  private func read(_ section: String) -> (configuration: GatewayConfiguration?, problems: [ConfigurationProblem]) {
    ConfigurationFile.read(
      text: """
        providers: {mock: {kind: mock}}
        tiers: [{name: small, targets: [mock/a, mock/b]}]
        passthrough: \(section)
        """, path: "gateway.yaml"
    ) { _ in nil }
  }

  @Test func oneOrSeveral() throws {
    let one = try #require(read("{target: mock/a, paths: /v1/files}").configuration)
    #expect(one.passthrough == [PassthroughConfiguration(target: "mock/a", paths: ["/v1/files"])])
    let two = try #require(
      read("[{target: mock/b, paths: [/v1/files]}, {target: mock/a, paths: [/v1/files, \"/v1/*\"]}]").configuration)
    #expect(two.passthroughTarget(of: "/v1/files") == "mock/b", "the first that takes it")
    #expect(two.passthroughTarget(of: "/v1/batches/b1") == "mock/a")
    #expect(two.passthroughTarget(of: "/v2/batches") == nil)
  }

  @Test(arguments: [
    ("{target: mock/c, paths: [/v1/files]}", "passthrough.target"), ("{paths: [/v1/files]}", "passthrough"),
    ("{target: mock/a}", "passthrough"), ("{target: mock/a, paths: [/files]}", "passthrough.paths[0]"),
    ("{target: mock/a, paths: [\"/v1/../x\"]}", "passthrough.paths[0]"),
    ("{target: mock/a, paths: [\"/v1/a*\"]}", "passthrough.paths[0]"),
    ("{target: mock/a, paths: [\"/v1/*/b\"]}", "passthrough.paths[0]"),
    ("{target: mock/a, paths: [\"/v1\"]}", "passthrough.paths[0]"),
    ("{target: mock/a, paths: [/v1/files], host: x}", "passthrough.host"),
  ])
  func problemsAreNamed(section: String, path: String) {
    let (configuration, problems) = read(section)
    #expect(configuration == nil)
    #expect(problems.map(\.path) == [path], "\(problems)")
  }
}
