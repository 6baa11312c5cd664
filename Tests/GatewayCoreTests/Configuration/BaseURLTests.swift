import Testing

@testable import GatewayCore

/// Where providers are: what is checked before a key goes there.
struct BaseURLTests {
  @Test(
    arguments: [
      ("https://api.example.com/v1", "api.example.com"), ("https://API.Example.COM", "api.example.com"),
      ("https://h:1/v1:generate", "h"), ("https://h:65535", "h"), ("http://[::1]:80/a/b", "::1"),
      ("http://[FD00::1]/", "fd00::1"), ("https://h/a@b/[c]", "h"), ("https://a-b_c.d", "a-b_c.d"),
      ("https://h/v1//", "h"),
    ])
  func hostsAreFound(text: String, host: String) throws {
    let url = try #require(BaseURL(text))
    #expect(url.host == host && url.isSecure == text.hasPrefix("https") && !url.text.hasSuffix("/"))
    #expect(text.hasPrefix(url.text) && text.dropFirst(url.text.count).allSatisfy { $0 == "/" })
    // What is read once is read again as the same.
    #expect(BaseURL(url.text)?.text == url.text)
  }

  /// A program that takes a URL apart differently could send a key elsewhere: what is not plain is refused.
  @Test(arguments: [
    "", "h", "//h", "ftp://h", "HTTPS://h", "https:/h", "https://", "https:///v1", "https://:80", "https://[]:80",
    "https://h:0", "https://h:65536", "https://h:", "https://h:+80", "https://h:-1", "https://h:8 0", "https://h:８０",
    "https://u@h", "https://u:p@h/v1", "https://h?x=1", "https://h/v1#a", "https://h/\u{7F}", "https://hö.example",
    "https://h\n", "http://::1/v1", "http://a:b:80", "http://[::1", "http://::1]", "http://[::1]x:80", "http://[::1]80",
    "http://h]/", "http://h[1]/", "https://[[::1]]/",
  ])
  func othersAreRefused(text: String) { #expect(BaseURL(text) == nil) }

  /// Addresses at the edges of the private networks, from both sides.
  @Test(
    arguments: [
      ("127.0.0.1", true), ("127.255.255.255", true), ("126.1.1.1", false), ("128.0.0.1", false), ("10.0.0.0", true),
      ("11.0.0.0", false), ("172.15.0.1", false), ("172.16.0.0", true), ("172.31.255.255", true), ("172.32.0.0", false),
      ("192.168.255.1", true), ("192.169.0.1", false), ("169.254.1.1", true), ("169.253.1.1", false),
      ("100.63.1.1", false), ("100.64.0.0", true), ("100.127.0.1", true), ("100.128.0.0", false), ("10.1.1.256", false),
      ("10.1.1", false), ("10.1.1.1.1", false), ("10.1.1.", false), ("10.0.0.1.example.com", false),
      ("[::1]", true), ("[::2]", false), ("[fc00::1]", true), ("[fdff::1]", true), ("[fe80::1]", true),
      ("[2001:db8::1]", false), ("[::ffff:8.8.8.8]", false), ("localhost", true), ("vllm", true), ("a.internal", true),
      ("internal.example.com", false), ("a.lan", true), ("a.local", true), ("notlocal.com", false), ("xlan.de", false),
    ])
  func privateNetworks(host: String, isPrivate: Bool) throws {
    #expect(try #require(BaseURL("http://\(host)/v1")).isPrivate == isPrivate)
    #expect(try #require(BaseURL("http://\(host):8080")).isPrivate == isPrivate)
  }
}
