import Foundation
import Testing
import TextKit

@testable import Registry

/// The files of a registry: their bytes, and what is said of damaged ones.
@Suite struct RegistryFileTests {
  private static let version = "e4611b0814a0cb486c626c37d62ff4c5df2471f90c7ec738b98d54a0bdd3ac73"
  private static let lock =
    #"{"data":"74e2d27c7e03e296805655ddfae226dbae96b8a79693f8d6c403115a3e2e2bbc","format":"ockham-policy-lock/1","frozen_at":"2027-01-15T08:01:00Z","model":"ccd80eeadf0275982e0af8e4a6acd7874c61d4750d0a2b53b7ac4a14a5e4a367","parent":null,"policy":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","prices":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","version":"1"}"#
  private static let pointer =
    #"{"candidate":null,"format":"ockham-registry/1","incumbent":"\#(version)","salt":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","sequence":2,"share":0.0}"#

  /// Bytes and hashes as Python's `json` and `hashlib` make them of the same values: a journal that is written must be one for every
  /// program that follows the format.
  @Test func filesAreTheSameForEveryProgram() throws {
    let fixture = try RegistryFixture()
    #expect(try fixture.incumbent() == Self.version)
    let layout = fixture.registry.layout
    func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }
    #expect(try text(fixture.registry.folder(of: Self.version).appending(path: "lock.json")) == Self.lock)
    #expect(try text(layout.pointerFile) == Self.pointer)
    #expect(try text(layout.formatFile) == "ockham-registry/1\n")
    let lines = try text(layout.journalFile).split(separator: "\n")
    let first = "80a5c4695585f3041fe80d8aa26b69f3ebd8dce9c8442f763c61db7227245865"
    #expect(
      lines == [
        #"{"action":"add","alpha":null,"at":"2027-01-15T08:01:00Z","by":"person ann","candidate_number":null,"evidence":null,"hash":"\#(first)","pointer":null,"previous":"\#(String(repeating: "0", count: 64))","reason":"a test","sequence":1,"version":"\#(Self.version)"}"#,
        #"{"action":"promote","alpha":null,"at":"2027-01-15T08:02:00Z","by":"person ann","candidate_number":null,"evidence":null,"hash":"ad149552a73426eec96fe1b7995f8f5fa6be58ceb4c0c8394ba9f99e0f2b4119","pointer":{"candidate":null,"incumbent":"\#(Self.version)","salt":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","share":0.0},"previous":"\#(first)","reason":"a test","sequence":2,"version":"\#(Self.version)"}"#,
      ])
  }

  /// A pointer with one thing wrong, and the words that say which.
  @Test(arguments: [
    (#""share":0.0"#, #""share":0.5"#, #"expected 0 without a candidate under "share", found a number that is none"#),
    (#""share":0.0"#, #""share":1.5"#, #"expected a number from 0.0 to 1.0 under "share""#),
    (#""share":0.0"#, #""share":"0""#, #"under "share", found a string that is none"#),
    (#""sequence":2"#, #""sequence":0"#, #"expected an integer from 1 up under "sequence""#),
    (#""sequence":2"#, #""sequence":2.5"#, #"expected an integer from 1 up under "sequence""#),
    (#""sequence":2"#, #""sequense":2"#, "found others: see sequense"),
    (#","sequence":2"#, "", "found others: see sequence"),
    (#""sequence":2"#, #""sequence":2,"sequence":2"#, "found others: see "),
    ("ockham-registry/1", "ockham-registry/2", #"expected "ockham-registry/1" under "format""#),
    (
      "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", "5A5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
      "expected 32 lower-case hexadecimal digits"
    ),
    (
      "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", "\u{FF10}\u{FF11}5a5a5a5a5a5a5a5a5a5a5a5a5a",
      "expected 32 lower-case hexadecimal digits"
    ),
    (#""candidate":null"#, #""candidate":"../..""#, "expected 64 lower-case hexadecimal digits"),
    (#""candidate":null"#, #""candidate":"\#(version)""#, "expected another version than the incumbent"),
    ("{", "[{", "found bytes that are no JSON"), (pointer, "[]", "expected a JSON object, found an array"),
  ]) func faultsOfAPointerAreNamed(part: String, other: String, message: String) throws {
    let fixture = try RegistryFixture()
    let file = fixture.registry.layout.pointerFile
    let text = Self.pointer.replacing(part, with: other)
    #expect(text != Self.pointer)
    try Data(text.utf8).write(to: file)
    let error = #expect(throws: RegistryError.self) { try fixture.registry.pointer() }
    let said = "\(try #require(error))"
    #expect(said.hasPrefix("\(file.path): expected ") && said.contains(message), "\(said)")
    #expect(said.hasSuffix("nothing was changed: take the file from a copy of the registry") && error?.exitStatus == 65)
  }

  /// All lines before the damaged one still count, whichever that is.
  @Test func whatIsBeforeTheDamageIsRead() throws {
    let fixture = try RegistryFixture()
    for name in ["a", "b", "c", "d"] { _ = try fixture.add(name) }
    let file = fixture.registry.layout.journalFile
    let whole = try fixture.registry.journal()
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    for place in lines.indices {
      for other in ["", "{}", lines[place].replacing("a test", with: "a tesT"), lines[place] + " ", "7"] {
        var changed = lines
        changed[place] = other
        try Data(changed.map { $0 + "\n" }.joined().utf8).write(to: file)
        let (journal, damage) = try fixture.registry.wholeJournal()
        #expect(journal.entries == Array(whole.entries[..<place]))
        let said = "\(try #require(damage))"
        #expect(said.hasPrefix("\(file.path):\(place + 1): expected "), "\(said)")
        #expect(throws: try #require(damage)) { try fixture.registry.journal() }
      }
    }
  }

  /// FIPS 180-4, and the answers of `sha256sum`.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func digestsAreSHA256(text: String, digest: String) {
    #expect(ContentDigest.hexadecimal(of: Array(text.utf8)) == digest && ContentDigest.isDigest(digest))
  }

  /// No name but a digest becomes a path.
  @Test func onlyDigestsAreVersions() throws {
    let fixture = try RegistryFixture()
    let (layout, digest) = (fixture.registry.layout, Self.version)
    #expect(layout.versionFolder(digest)?.lastPathComponent == digest)
    for byte in UInt8.min...0x7F {
      let mark = Character(Unicode.Scalar(byte))
      let isDigit = ("0"..."9").contains(mark) || ("a"..."f").contains(mark)
      #expect((layout.versionFolder(String(digest.dropLast()) + String(mark)) != nil) == isDigit, "\(byte)")
    }
    for name in [
      "", ".", "..", "/", String(digest.dropLast()), digest + "0", digest.uppercased(),
      "\u{FF10}" + digest.dropFirst(3),
    ] {
      #expect(layout.versionFolder(name) == nil)
      let error = #expect(throws: RegistryError.self) { try fixture.registry.lock(of: name) }
      #expect("\(error!)".contains("64 lower-case hexadecimal digits") && error?.exitStatus == 1)
    }
  }

  /// Keys are put in the order of their bytes at every depth, whatever order they came in.
  @Test func equalContentsAreEqualBytes() throws {
    let keys = ["a", "B", "\u{E9}", "e\u{301}", "\u{FFFD}", "\u{10000}", "", "a\u{0}", "aa"]
    func node(_ keys: [String], depth: Int) -> JSONNode {
      .object(keys.map { JSONMember(key: $0, value: depth > 0 ? .array([node(keys, depth: depth - 1)]) : .string($0)) })
    }
    let expected = keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    let bytes = node(expected, depth: 2).jsonBytes
    for shift in keys.indices {
      let turned = Array(keys[shift...] + keys[..<shift])
      for order in [turned, turned.reversed()] { #expect(node(order, depth: 2).sortedByKey.jsonBytes == bytes) }
    }
  }

  @Test func errorsSayWhereAndWhatToDo() {
    let errors: [(RegistryError, status: Int32, says: String)] = [
      (
        .missing(path: "reg"), 66,
        "reg: expected a registry, found none; check the path, or begin one with ockham promote"
      ),
      (.format(path: "reg", found: "x"), 65, "reg: expected a registry (ockham-registry/1), found x; name the folder"),
      (
        .held(path: "lock", process: 17), 74,
        "lock: expected to be the only one that changes the registry, found process 17; "
      ),
      (.held(path: "lock", process: nil), 74, "found another process; try again when it is done"),
      (.unreadable(path: "file", code: EACCES), 74, "file: reading failed: Permission denied; check the folder"),
      (
        .damaged(path: "file", line: nil, expected: "e", found: "f"), 65,
        "file: expected e, found f; nothing was changed"
      ),
      (.refused("no"), 1, "no"),
    ]
    for (error, status, says) in errors { #expect(error.exitStatus == status && "\(error)".contains(says), "\(error)") }
  }

  /// The one who has the lock is named, and lets go when it ends.
  @Test func theHolderIsNamed() throws {
    let fixture = try RegistryFixture(lockSeconds: 0)
    let file = fixture.registry.layout.lockFile
    do {
      let lock = try RegistryLock(file, seconds: 0)
      let error = #expect(throws: RegistryError.self) { try RegistryLock(file, seconds: 0) }
      guard case .held(file.path, let process) = error else { Issue.record("expected held, found \(error!)"); return }
      #expect(process == nil || process == getpid())
      withExtendedLifetime(lock) {}
    }
    _ = try RegistryLock(file, seconds: 0)
    _ = try fixture.add("a")
  }
}
