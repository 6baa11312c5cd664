import Testing

@testable import Ockham

struct SHA256Tests {
  private func digest(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.absorb(bytes.span)
    return hash.hexadecimal
  }

  /// The examples of FIPS 180-2, appendix B, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func publishedExamples(text: String, expected: String) { #expect(digest(Array(text.utf8)) == expected) }

  @Test func millionTimesTheLetterA() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(digest([UInt8](repeating: 0x61, count: 1_000_000)) == expected)
  }

  /// Every length around one and two blocks, as Python's hashlib has it.
  @Test func everyLengthUpTo130() throws {
    let expected = String(decoding: try GoldenFiles.bytes("sha256.txt"), as: UTF8.self).split(separator: "\n")
    #expect(expected.count == 131)
    let bytes = (0..<130).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
    for (count, line) in expected.enumerated() { #expect(digest(Array(bytes.prefix(count))) == line, "\(count) bytes") }
  }

  @Test func piecesMakeTheSameDigestAsTheWhole() {
    var draws = SplitMix64(seed: 5)
    let bytes = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &draws) }
    for _ in 0..<50 {
      var hash = SHA256()
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...150, using: &draws)
        hash.absorb(Array(rest.prefix(count)).span)
        _ = hash.hexadecimal
        rest = rest.dropFirst(count)
      }
      #expect(hash.hexadecimal == digest(bytes))
    }
  }
}
