import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import TextKit
import Testing

@testable import Workflow

/// Small files that options name: what is in them, and what is said of others.
@Suite struct SettingFileTests {
  private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "ockham-setting-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private func refusal(_ body: () throws -> Void) -> WorkflowError? {
    do {
      try body()
      return nil
    } catch { return error as? WorkflowError }
  }

  // MARK: Files

  @Test func aFileThatIsNotThereOrAFolderIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let readers: [(String, (String) throws -> Void)] = [
      ("recipe", { _ = try RecipeFile.read($0) }), ("list of rows", { _ = try RowList(path: $0) }),
      ("configuration", { _ = try GatewayRules(path: $0, tiers: ["a", "b"]) }),
      ("certificate", { _ = try CertificateCheck(path: $0) }),
    ]
    for (kind, read) in readers {
      let missing = try #require(refusal { try read("/no/such/place") })
      #expect(missing == .missingInput("/no/such/place: no such \(kind); check the path") && missing.exitStatus == 66)
      let found = refusal { try read(folder) }
      #expect(found == .missingInput("\(folder): expected a \(kind), found a folder; name the file in it"))
    }
  }

  @Test func exitCodesAreThoseOfTheManual() {
    let codes: [(WorkflowError, Int32)] = [
      (.refused("a"), 1), (.usage("b"), 64), (.badData("c"), 65), (.missingInput("d"), 66), (.inputOutput("e"), 74),
    ]
    for (error, code) in codes { #expect(error.exitStatus == code && "\(error)".count == 1) }
  }

  // MARK: Recipes

  @Test func whatIsWrittenIsReadAgain() throws {
    var recipe = Recipe()
    (recipe.seed, recipe.folds, recipe.bucketBits, recipe.architecture) = (77, 3, 11, .logistic)
    (recipe.home, recipe.families) = (["a"], ["a": ["x"], "b": ["y", "z"], "c": ["w"]])
    for recipe in [Recipe(), recipe] {
      let bytes = RecipeFile.bytes(recipe)
      let read = try withFile(String(decoding: bytes, as: UTF8.self)) { try RecipeFile.read($0) }
      #expect(read == recipe && RecipeFile.bytes(read) == bytes && bytes.last == UInt8(ascii: "\n"))
    }
    #expect(try withFile("{}") { try RecipeFile.read($0) } == Recipe())
  }

  /// An error names the file, the setting and what it must be; never a command of the terminal.
  @Test(arguments: [
    (#"{"folds":"five"}"#, "folds: expected Int"), (#"{"seed":-1}"#, "found another: seed"),
    (#"{"network":{"epoch":3}}"#, "network.epoch"),
    (#"{"bucketBits":null}"#, "bucketBits"), (#"{"\u001b[31mred":1}"#, "red"), ("[]", "expected a JSON object"),
    ("", "expected a JSON object"), (#"{"folds":2"#, "expected a JSON object"),
    (#"{"architecture":"oracle"}"#, "architecture"),
  ]) func whatIsNoRecipe(text: String, words: String) throws {
    try withFile(text) { path in
      let error = try #require(refusal { _ = try RecipeFile.read(path) })
      #expect(error.exitStatus == 65 && "\(error)".hasPrefix(path + ": ") && "\(error)".contains(words), "\(error)")
      #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  // MARK: Lists of rows

  private func select(_ list: String, from ids: [String]) throws -> [String] {
    try withFile(list) { path in
      let rows = try RowList(path: path)
      return try rows.select { keep in
        for id in ids { keep(LogRecord(id: id, request: Request(prompt: id))) }
        return LogSummary()
      }.records.map(\.id)
    }
  }

  @Test func rowsComeInTheOrderOfTheList() throws {
    #expect(try select("c\na\nb\n", from: ["a", "b", "c", "d"]) == ["c", "a", "b"])
    #expect(try select("\r\nc\r\n\r\n a \r\n", from: [" a ", "a", "c"]) == ["c", " a "], "blanks are part of a name")
    #expect(try select("", from: ["a"]) == [] && select("\n\n", from: ["a"]) == [])
  }

  /// The line is that of the file, empty lines counted.
  @Test(arguments: [("a\nx\n", 2, 1), ("\n\nx\ny\n", 3, 2), ("a\r\n\r\n\r\ny\r\nb", 4, 1)])
  func rowsThatAreNotThereAreNamedByTheirLine(list: String, line: Int, count: Int) throws {
    let error = try #require(refusal { _ = try select(list, from: ["a", "b"]) })
    #expect("\(error)".contains("found \(count) that are not, the first in line \(line); name all logs"), "\(error)")
  }

  @Test func rowsThatAreListedTwiceAreRefused() throws {
    let error = try #require(refusal { _ = try select("a\nb\na\na\n", from: ["a", "b"]) })
    #expect("\(error)".contains("expected each id once, found 2 again") && error.exitStatus == 65)
  }

  // MARK: Certificates

  private static let certificate =
    #"{"format":"ockham-certificate/1","version":"1","model":"ab12","tiers":["a","b"],"statement":"It holds.","data":"cd34","promise":"#

  private static let requests =
    #"{"goal":{"max_share":0.5,"tier":"b"},"confidence":0.95,"n":100,"bound":0.5,"p":0.03,"orders":1,"seed":1,"#
    + #""evidence":{"requests":40,"of":100,"share":0.5}}}"#

  @Test func aCertificateIsProvenFromItsNumbers() throws {
    try withFile(Self.certificate + Self.requests) { path in
      let check = try CertificateCheck(path: path)
      #expect(check.fault == nil)
      #expect(
        check.sentences == [
          "\(path): the guarantee is proven from its numbers.", "It holds.", "model  \"ab12\"", "data   \"cd34\"",
        ])
      #expect(check.json["whole"]?.boolean == true && check.json["break"]?.isNull == true)
    }
  }

  @Test(arguments: [
    (#"null}"#, "nothing is guaranteed"), (#"{"goal":1}}"#, "the guarantee cannot be read"),
    (Self.requests.replacing("\"requests\":40", with: "\"requests\":48"), "the evidence does not prove the guarantee"),
    (Self.requests.replacing("\"n\":100", with: "\"n\":99"), "more outcomes than draws"),
  ]) func aCertificateThatProvesNothingSaysWhy(guarantee: String, fault: String) throws {
    try withFile(Self.certificate + guarantee) { path in
      let check = try CertificateCheck(path: path)
      #expect(check.fault?.hasPrefix(fault) == true, "\(check.fault ?? "none")")
      #expect(check.sentences[0].hasPrefix("\(path): not proven: \(fault)"))
      #expect(check.json["whole"]?.boolean == false)
      #expect(check.json["break"]?["reason"]?.string == check.fault)
    }
  }

  @Test func whatIsNoCertificateIsNamed() throws {
    for (text, words) in [
      ("no JSON", "expected a certificate"), ("{}", "expected a certificate"),
      (#"{"format":1}"#, "expected a certificate"),
      (#"{"format":"ockham-certificate/2"}"#, "\"ockham-certificate/2\"; check it with the version"),
      (#"{"format":"ockham-certificate/1"}"#, "expected ockham-certificate/1"),
    ] {
      let error = try withFile(text) { path in refusal { _ = try CertificateCheck(path: path) } }
      #expect(
        error?.exitStatus == 65 && error.map { "\($0)".contains(words) } == true, "\(text)")
    }
  }

  /// A model that is another's guarantees nothing by the certificate beside it.
  @Test func namesInACertificateAreNoCommands() throws {
    let hostile = Self.certificate.replacing("It holds.", with: #"\u001b[2Jheld\nforged: yes"#) + Self.requests
    try withFile(hostile) { path in
      let lines = try CertificateCheck(path: path).sentences
      #expect(lines.count == 4 && !lines.joined().unicodeScalars.contains { $0.value < 0x20 })
    }
  }
}

/// Advice that needs no router: everything to the cheapest tier.
@Suite struct SufficientTierTests {
  /// What a log of so many requests says of its cheapest tier.
  private func advice(
    _ rows: Int, failures: Int = 0, keeping fraction: Double = 0.97, change: (Int, String) -> String = { $1 }
  ) throws -> SufficientTier? {
    let path = FileManager.default.temporaryDirectory.appending(path: "ockham-advice-\(UUID().uuidString).jsonl").path
    let lines = (0..<rows).map { row in
      change(
        row,
        #"{"id":"r\#(row)","prompt":"question \#(row)","outcomes":{"small":{"quality":\#(row < failures ? 0.5 : 1)},"#
          + #""frontier":{"quality":1}}}"#)
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return SufficientTier(try TrainingRun(Recipe()).read(LogSource(paths: [path])).dataset, keeping: fraction)
  }

  /// Without a failure the bound is 1 − 0.05^(1/n): 99 requests show 97 %, and 98 do not.
  @Test func theBoundIsThatOfTheCount() throws {
    let found = try #require(try advice(99))
    #expect(found.tier == "small" && found.rows == 99 && found.failures == 0)
    #expect(abs(found.failureBound - (1 - pow(0.05, 1.0 / 99))) < 1e-9)
    #expect(found.sentence.hasPrefix("Send everything to 'small': it failed on 0 of 99 requests, so at most 2.98 %"))
    #expect(try advice(98) == nil && advice(98, keeping: 0.96) != nil)
    let some = try #require(try advice(200, failures: 3, keeping: 0.95))
    #expect(some.failures == 3 && some.failureBound > 3.0 / 200)
    #expect(try advice(200, failures: 3) == nil, "half an answer is a failure")
  }

  /// A bound of draws says nothing where some count more, or where the cheap tier answered some requests alone.
  @Test func rowsThatAreNoDrawsProveNothing() throws {
    #expect(
      try advice(120) { $0 == 7 ? $1.replacing(#""id""#, with: #""weight":2,"id""#) : $1 } == nil)
    #expect(
      try advice(120) { $1.replacing(#""id""#, with: #""weight":2,"id""#) } != nil, "all alike are draws")
    #expect(try advice(120) { $0 == 7 ? $1.replacing(#""small":{"quality":1.0},"#, with: "") : $1 } == nil)
  }
}
