import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Gateway
@testable import GatewayCore

/// Where a gateway without keys may listen.
struct ExposureTests {
  @Test(arguments: [
    ("127.0.0.1", false, true), ("localhost", false, true), ("0.0.0.0", false, false), ("::", false, false),
    ("0.0.0.0", true, true),
  ])
  func beyondLoopbackHasToBeSaid(host: String, isInsecure: Bool, starts: Bool) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "exposure-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = """
      listen: "\(host.contains("::") ? "[\(host)]" : host):0"
      model: null
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: [mock/a]}]
      """
    try Data(text.utf8).write(to: file)
    var options = GatewayOptions(configurationPath: file.path, isInsecure: isInsecure, environment: [:])
    if starts {
      #expect(try Application.check(options).contains("can start"))
    } else {
      let failure = #expect(throws: StartFailure.self) { _ = try Application.check(options) }
      #expect(failure?.exitStatus == 65 && failure?.description.contains("--insecure") ?? false)
    }
    options.listen = ListenAddress(host: "127.0.0.1", port: 0)
    #expect(try Application.check(options).contains("can start"))
  }

  /// What the system says of a port in use is a number; people are told the address, what was expected, and what to do.
  @Test func aPortInUseIsNamed() async throws {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(channel.localAddress?.port)
    let error = await #expect(throws: (any Error).self) {
      _ = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
    }
    let text = ListenAddress(host: "127.0.0.1", port: port).problem(try #require(error))
    #expect(text.hasPrefix("127.0.0.1:\(port): expected a free address to listen on, found a port in use; "), "\(text)")
    #expect(text.contains("another port with --listen") && !text.contains("errno"))
    try await channel.close()
  }
}
