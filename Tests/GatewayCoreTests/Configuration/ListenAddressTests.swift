import Testing

@testable import GatewayCore

/// Where to listen, as the configuration and the command line say it.
struct ListenAddressTests {
  @Test(arguments: [
    ("127.0.0.1:8080", "127.0.0.1", 8080), ("localhost:0", "localhost", 0), ("0.0.0.0:65535", "0.0.0.0", 65_535),
    (":8081", "127.0.0.1", 8081), ("[::1]:9000", "::1", 9000), ("::1:9000", "::1", 9000), (":::80", "::", 80),
    ("[::]:80", "::", 80), ("fe80::1%eth0:80", "fe80::1%eth0", 80), ("[::ffff:10.0.0.1]:80", "::ffff:10.0.0.1", 80),
  ])
  func isRead(text: String, host: String, port: Int) {
    #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
  }

  @Test(arguments: [
    "", ":", "8080", "localhost", "localhost:", "localhost:99999", "localhost:-1", "localhost:+1", "localhost:80 ",
    "::1", "[::1]", "[]:80", "[localhost]:80", "[::1:80", "::1]:80", "[[::1]]:80", "http://localhost:80", "a b:80",
    "user@host:80", "a/b:80", "1:2:80", "localhost:٨٠",
  ])
  func isRefused(text: String) { #expect(ListenAddress(text) == nil) }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.8.9.10", true), ("localhost", true), ("LOCALHOST", true), ("a.localhost", true),
    ("::1", true),
    ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("127.evil.example", false), ("127.0.0.1.example", false),
    ("localhost.example", false), ("127.0.0", false), ("127.0.0.256", false), ("", false),
  ])
  func loopbackIsKnown(host: String, isLoopback: Bool) {
    #expect(ListenAddress(host: host, port: 80).isLoopback == isLoopback)
  }
}
