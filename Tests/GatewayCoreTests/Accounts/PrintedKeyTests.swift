import ChatProtocols
import Testing

@testable import GatewayCore

/// What programs print that know a key, at its edges, and what is signed for programs.
struct PrintedKeyTests {
  private func read(_ text: String) -> PrintedKey? { PrintedKey(Array(text.utf8), now: 1000) }

  @Test(arguments: ["abc", "abc\n", "\r\n\t abc \u{B}\u{C}\n"]) func whiteSpaceAroundIsNoPartOfTheKey(text: String) {
    #expect(read(text)?.credentials.key == "abc" && read(text)?.lifetimeSeconds == nil)
  }

  /// Nothing that could break a header, or be two headers, is taken for a key or a part of one.
  @Test(arguments: [
    "a\u{0}", "a\u{7F}", "{}", #"{"token":"a\r\nX-Other: b"}"#, #"{"token":"\u0000"}"#, #"{"token":"é"}"#,
    #"{"key":"abc"}"#, #"{"token":"a"} b"#, #"{"token":"a","SessionToken":""}"#,
  ])
  func otherTextsAreNone(text: String) { #expect(read(text) == nil) }

  /// A time that is no number is no lifetime; one that is over is told, so that the program is asked again.
  @Test(
    arguments: [
      (#"{"token":"t","expires_in":0}"#, 0), (#"{"token":"t","expires_on":900}"#, -100),
      (#"{"token":"t","expires_in":"soon"}"#, nil), (#"{"token":"t","expires_in":1e999}"#, nil),
      (#"{"token":"t","expires_in":"inf","expires_on":1100}"#, 100),
      (#"{"token":"t","expiration":"tomorrow","expiresAt":"1970-01-01T00:16:41Z"}"#, 1),
    ] as [(String, Double?)])
  func lifetimesAreRead(text: String, seconds: Double?) {
    #expect(read(text)?.credentials.key == "t" && read(text)?.lifetimeSeconds == seconds)
  }

  /// Computed beside it by another program: `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'k'`.
  @Test func signaturesAreThoseOfOtherPrograms() {
    let signature = MessageSignature.text(of: Array(#"{"a":1}"#.utf8), at: 1_700_000_000, secret: "k")
    #expect(
      signature == "t=1700000000,v1=1b6ad1bc9bf48c52ce01939866d5877c6cc4e87ddad27e16673cb8c4964394a3")
    // The time is a part of it, and where the time ends and the body begins.
    let texts = [("1", 1, "k"), ("", 11, "k"), ("1", 1, "l")].map { body, seconds, secret in
      MessageSignature.text(of: Array(body.utf8), at: seconds, secret: secret).split(separator: "=").last
    }
    #expect(Set(texts).count == 3)
  }
}
