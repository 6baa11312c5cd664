import Foundation
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// A provider that quotes what it was sent does not give its key away.
@Suite(.timeLimit(.minutes(20)))
struct SentSecretsTests {
  private static let secret = "sk-provider-secret-0123456789"

  /// A proxy that shows the headers of what it refuses.
  private static func proxy(_ status: String) async throws -> FaultUpstream {
    try await FaultUpstream.start { _, request in
      let quoted = request.head.replacing("\r\n", with: " | ").replacing("\"", with: "'")
      return [
        FaultUpstream.answer(
          #"{"error":{"message":"bad request: \#(quoted)","type":"invalid_request_error","param":"\#(Self.secret)"}}"#,
          status: status, headers: ["x-request-id: \(Self.secret)"])
      ]
    }
  }

  private static func start(_ upstream: FaultUpstream, kind: ProviderKind) async throws -> TestGateway {
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.kind = kind
    configuration.providers["p0"]?.keyVariables = ["KEY"]
    configuration.passthrough = [PassthroughConfiguration(target: "t0", paths: ["/v1/files"])]
    return try await TestGateway.start(configuration, environment: ["KEY": secret])
  }

  @Test(arguments: [ProviderKind.openai, .anthropic, .gemini], ["400 Bad", "422 No", "404 None", "413 Large"])
  func errorsDoNotShowTheKey(kind: ProviderKind, status: String) async throws {
    let upstream = try await Self.proxy(status)
    let gateway = try await Self.start(upstream, kind: kind)
    defer { gateway.stop() }
    for stream in [false, true] {
      let seen = try await gateway.chat(stream: stream)
      #expect(seen.status >= 400)
      #expect(!seen.text.contains(Self.secret) && !"\(seen.headers)".contains(Self.secret), "\(seen.text)")
    }
    #expect(upstream.requests.first?.head.contains(Self.secret) == true, "the provider was sent its key")
  }

  @Test func neitherDoPathsThatArePassedOn() async throws {
    let gateway = try await Self.start(try await Self.proxy("400 Bad"), kind: .openai)
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/files", method: "GET")
    #expect(seen.status == 400 && seen.text.contains("[withheld]") && !seen.text.contains(Self.secret), "\(seen.text)")
  }

  @Test func whatIsNoSecretStays() {
    let connection = ProviderConnection(
      configuration: ProviderConfiguration(name: "p", kind: .openai, baseURL: "http://127.0.0.1:1"),
      codec: ProviderKind.openai.codec, keys: ProviderKeys([]), transport: MockTransport())
    let short = SentSecrets(
      of: ProviderKeys.Key(index: 0, credentials: Credentials(key: "abc", others: ["region": "eu-west-1"])),
      in: connection)
    #expect(short.removed(from: "abc in eu-west-1") == "abc in eu-west-1")
    let long = SentSecrets(
      of: ProviderKeys.Key(
        index: 0, credentials: Credentials(key: "Basic dXNlcjpwYXNz", others: ["secret": "wJalrXUtnFEMI"])),
      in: connection)
    #expect(long.removed(from: "got dXNlcjpwYXNz and wJalrXUtnFEMI.") == "got [withheld] and [withheld].")
  }
}
