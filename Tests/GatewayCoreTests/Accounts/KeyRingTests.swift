import Testing

@testable import ChatProtocols
@testable import GatewayCore

struct KeyRingTests {
  /// Not SHA-256, but as good for distinguishing keys here.
  private static func digest(_ bytes: ArraySlice<UInt8>) -> String {
    "digest of " + String(decoding: bytes, as: UTF8.self)
  }

  private static let ring = KeyRing(
    keys: [
      KeyConfiguration(name: "a", sha256: "digest of key-a"), KeyConfiguration(name: "b", sha256: "digest of key-b"),
    ], sha256: digest)

  @Test func keysAreFoundInEitherHeader() throws {
    #expect(try Self.ring.key(authorization: "Bearer key-a", apiKeys: [])?.name == "a")
    #expect(try Self.ring.key(authorization: "bearer  key-b", apiKeys: [])?.name == "b")
    #expect(try Self.ring.key(authorization: nil, apiKeys: ["key-b"])?.name == "b")
    #expect(try Self.ring.key(authorization: "Bearer key-a", apiKeys: ["key-b"])?.name == "a")
    // One of two headers may hold a word that is no key.
    #expect(try Self.ring.key(authorization: "Bearer dummy", apiKeys: ["key-b"])?.name == "b")
    #expect(try Self.ring.key(authorization: nil, apiKeys: ["dummy", "key-b"])?.name == "b")
  }

  @Test func withoutKeysNoneIsAskedFor() throws {
    let open = KeyRing(keys: [], sha256: Self.digest)
    #expect(try open.key(authorization: nil, apiKeys: []) == nil)
    #expect(try open.key(authorization: "Bearer anything", apiKeys: []) == nil)
  }

  @Test(
    arguments: [
      (nil, nil, GatewayError.Code.missingKey), ("", nil, .missingKey), (nil, "", .missingKey),
      ("Basic key-a", nil, .missingKey), ("Bearer", nil, .missingKey), ("key-a", nil, .missingKey),
      ("Bearer key-c", nil, .invalidKey), ("Bearer key-a key-b", nil, .missingKey), (nil, "key-", .invalidKey),
      ("Bearer " + String(repeating: "x", count: 5000), nil, .invalidKey),
    ] as [(String?, String?, GatewayError.Code)])
  func otherKeysAreRefused(authorization: String?, apiKey: String?, code: GatewayError.Code) {
    #expect {
      _ = try Self.ring.key(authorization: authorization, apiKeys: [apiKey].compactMap(\.self))
    } throws: { error in
      guard let error = error as? GatewayError else { return false }
      return error.code == code && error.status == 401 && !error.message.contains("key-c")
    }
  }

  @Test func equalityIsExact() {
    #expect(KeyRing.areEqual([1, 2], [1, 2]))
    #expect(!KeyRing.areEqual([1, 2], [1, 3]))
    #expect(!KeyRing.areEqual([1, 2], [1]))
    #expect(KeyRing.areEqual([], []))
  }

  @Test func modelsAreNamesOrBeginnings() {
    var key = KeyConfiguration(name: "a", sha256: "")
    #expect(key.allows("anything"))
    key.models = ["auto", "openai/*"]
    #expect(key.allows("auto"))
    #expect(!key.allows("auto:careful"))
    #expect(key.allows("openai/gpt-4o"))
    #expect(key.allows("gpt-4o", "openai/gpt-4o"))
    #expect(!key.allows("gpt-4o"))
    key.models = []
    #expect(!key.allows("auto"))
  }
}
