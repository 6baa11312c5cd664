import ChatProtocols
import Foundation
import Registry
import Testing

@testable import Gateway
@testable import GatewayCore

/// A gateway that follows its registry: each new state of the pointer is read once.
@Suite(.timeLimit(.minutes(20))) struct RegistryServiceTests {
  private let folder: TelemetryFolder
  private let registry: Registry

  init() throws {
    folder = try TelemetryFolder()
    registry = try Registry(creating: URL(filePath: folder.path + "/registry"))
  }

  private func gateway(follows: Bool = true) throws -> SteppedGateway {
    var source = SteppedGateway.Source()
    if follows { source.configuration.registryPath = registry.layout.root.path }
    return try SteppedGateway(source)
  }

  private func run(_ gateway: SteppedGateway, _ body: () async throws -> Void) async throws {
    try await gateway.run(RegistryService(gateway: gateway.live, logger: gateway.logger), body)
  }

  private func promote(_ name: String) throws {
    let statement = Registry.Statement(by: .init(isAutomatic: false, name: "ann"), reason: "a test", time: Traces.time)
    let parts = VersionParts(
      model: Array(name.utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
    let version = try registry.add(parts, version: "1", statement).version
    _ = try registry.promote(version, salt: String(repeating: "5a", count: 16), statement)
  }

  @Test func eachStateIsReadOnce() async throws {
    let gateway = try gateway()
    try await run(gateway) {
      for _ in 0..<3 { await gateway.clock.step() }
      #expect(gateway.reloads == 0, "nothing serves yet")
      for count in 1...3 {
        try promote("version \(count)")
        for _ in 0..<3 { await gateway.clock.step() }
        #expect(gateway.reloads == count)
      }
      #expect(gateway.shared.metrics.reloads["done"].value == 3)
    }
  }

  /// What was promoted between the reading of the pointer at the start and the first look would be missed otherwise.
  @Test func theFirstLookFollowsWhatIsThere() async throws {
    try promote("first")
    let gateway = try gateway()
    try await run(gateway) {
      await gateway.clock.step()
      await gateway.clock.step()
      #expect(gateway.reloads == 1)
    }
  }

  @Test func whatCannotServeIsSaidOnceAndChangesNothing() async throws {
    let gateway = try gateway()
    let before = gateway.live.runtime
    try await run(gateway) {
      gateway.change { $0.problem = GatewayError(.reloadFailed, message: "a damaged model") }
      try promote("first")
      for _ in 0..<5 { await gateway.clock.step() }
      #expect(gateway.reloads == 1 && gateway.live.runtime === before)
      let said = gateway.lines.all.filter { $0.contains("the earlier ones stay: a damaged model") }
      #expect(said.count == 1 && said[0].hasPrefix("error"))
      // The next state is another try.
      gateway.change { $0.problem = nil }
      try promote("second")
      await gateway.clock.step()
      #expect(gateway.reloads == 2 && gateway.live.runtime !== before)
    }
  }

  @Test func withoutARegistryNothingIsFollowed() async throws {
    try promote("first")
    let gateway = try gateway(follows: false)
    try await run(gateway) {
      await gateway.clock.step()
      #expect(gateway.reloads == 0)
      // A reload that names one is followed from then on.
      gateway.change { $0.configuration.registryPath = registry.layout.root.path }
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.reloads == 2)
    }
  }
}
