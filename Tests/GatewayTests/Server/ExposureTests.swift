import Foundation
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
      #expect(try GatewayApplication.check(options).contains("can start"))
    } else {
      let failure = #expect(throws: StartFailure.self) { _ = try GatewayApplication.check(options) }
      #expect(failure?.exitStatus == 65 && failure?.description.contains("--insecure") ?? false)
    }
    options.listen = ListenAddress(host: "127.0.0.1", port: 0)
    #expect(try GatewayApplication.check(options).contains("can start"))
  }
}
