import ArgumentParser
import Foundation
import Labelling
import Testing

@testable import OckhamCLI

/// What `ockham label` asks of its judge, before a word is sent to it.
@Suite struct JudgeArgumentsTests {
  private static let address = ["--endpoint", "http://127.0.0.1:1/v1", "--judge-model", "m"]

  /// Words of the refusal; `nil` where the arguments are taken.
  private func refusal(
    _ arguments: [String], log: String = "log.jsonl", method: LabelMethodName = .judge
  ) throws -> String? {
    let parsed = try JudgeArguments.parse(arguments)
    do { try parsed.validateForUse(log: log, method: method) } catch {
      return try #require(error as? ValidationError).message
    }
    return nil
  }

  @Test(
    arguments: [
      (["--yes"], nil), (["--max-cost-usd", "5", "--judge-price", "2.5,10"], nil),
      (["--judge-price", "0,0", "--yes"], nil), (["--both-orders", "0", "--yes"], nil),
      (["--request-timeout", "1", "--yes"], nil), (["--request-timeout", "86400", "--yes"], nil),
      ([], "--method judge costs money"), (["--max-cost-usd", "5"], "--max-cost-usd needs --judge-price"),
      (["--max-cost-usd", "0", "--judge-price", "1,1"], "--max-cost-usd: expected a finite number above 0"),
      (["--max-cost-usd", "nan", "--judge-price", "1,1"], "--max-cost-usd: expected a finite number above 0"),
      (["--max-cost-usd", "inf", "--judge-price", "1,1"], "--max-cost-usd: expected a finite number above 0"),
      (["--judge-price", "1", "--yes"], "--judge-price: expected INPUT,OUTPUT"),
      (["--judge-price", "1,-1", "--yes"], "--judge-price: expected INPUT,OUTPUT"),
      (["--judge-price", "1,inf", "--yes"], "--judge-price: expected INPUT,OUTPUT"),
      (["--both-orders", "1.5", "--yes"], "--both-orders: expected a share from 0 to 1"),
      (["--both-orders", "nan", "--yes"], "--both-orders: expected a share from 0 to 1"),
      (["--concurrency", "0", "--yes"], "--concurrency: expected at least 1"),
      // The system counts whole seconds: less than one is none, and infinity ends the program.
      (["--request-timeout", "0.5", "--yes"], "--request-timeout: expected a number from 1 to 86400"),
      (["--request-timeout", "inf", "--yes"], "--request-timeout: expected a number from 1 to 86400"),
      (["--request-timeout", "nan", "--yes"], "--request-timeout: expected a number from 1 to 86400"),
    ] as [([String], String?)])
  func limits(arguments: [String], words: String?) throws {
    let found = try refusal(Self.address + arguments)
    #expect(words == nil ? found == nil : found?.contains(words ?? "") == true, "\(found ?? "taken")")
  }

  @Test func whatGoesWithWhichMethod() throws {
    for method in [LabelMethodName.judge, .pairwise] {
      let name = "--method \(method.rawValue)"
      for part in [Self.address.prefix(2), Self.address.suffix(2)] {
        let found = try refusal(Array(part) + ["--yes"], method: method)
        #expect(found == "\(name) needs --endpoint and --judge-model")
      }
      #expect(try refusal(Self.address + ["--yes"], log: "-", method: method)?.contains("reads the log twice") == true)
      #expect(try refusal(Self.address + ["--yes"], method: method) == nil)
    }
    #expect(try refusal(Self.address + ["--yes", "--rubric", "r"]) == nil)
    let found = try refusal(Self.address + ["--yes", "--rubric", "r"], method: .pairwise)
    #expect(found?.hasPrefix("--rubric goes with --method judge") == true)
    #expect(LabelMethodName.allCases.filter(\.asksJudge) == [.judge, .pairwise])
  }

  @Test func whatTheJudgeIsShown() throws {
    try Tool.withFolder { folder in
      func form(_ bytes: [UInt8]?, _ method: LabelMethodName = .judge) throws -> JudgeForm {
        let file = folder.appending(path: "rubric.txt")
        try? FileManager.default.removeItem(at: file)
        if let bytes { try Data(bytes).write(to: file) }
        return try JudgeArguments.parse(["--rubric", file.path]).form(method)
      }
      func failure(_ bytes: [UInt8]?) -> Failure? {
        do { _ = try form(bytes) } catch { return error as? Failure }
        return nil
      }
      #expect(try JudgeArguments.parse([]).form(.judge) == .pairsOrSingle())
      #expect(try JudgeArguments.parse([]).form(.pairwise) == .pairs)
      #expect(try form(Array("Short is good.\n".utf8)) == .single(rubric: "Short is good.\n"))
      #expect(try form(Array(repeating: 0x61, count: 32 << 10)) != .pairs, "as long as it may be")
      #expect(failure(nil)?.code.rawValue == 66)
      for bytes in [[], Array(" \n\t".utf8), [0xFF, 0xFE], Array(repeating: 0x61, count: 32 << 10 + 1)] as [[UInt8]] {
        let found = try #require(failure(bytes), "\(bytes.count) bytes")
        #expect(found.code.rawValue == 65 && found.message.contains("a text in UTF-8 of 1 to 32,768 bytes"))
      }
    }
  }

  /// The journal is made beside the output, unless it is named; addresses and keys that are no good make none.
  @Test func aJudgeKeepsAJournal() throws {
    try Tool.withFolder { folder in
      func place(_ name: String) -> String { folder.appending(path: name).path }
      func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: place(name)) }
      let judge = try JudgeArguments.parse(
        Self.address + ["--judge-price", "2,4", "--max-cost-usd", "3"]
      ).judge(output: place("out.jsonl"))
      #expect(judge.model == "m" && judge.budget.capUSD == 3)
      #expect(judge.budget.costUSD(inputTokens: 1_000_000, outputTokens: 500_000) == 4)
      #expect(isThere("out.jsonl.journal"))
      _ = try JudgeArguments.parse(Self.address + ["--journal", place("mine")]).judge(output: place("other.jsonl"))
      #expect(isThere("mine") && !isThere("other.jsonl.journal"))
      for address in ["ftp://a/v1", "http://user@a/v1", "", "no address"] {
        let arguments = try JudgeArguments.parse(["--endpoint", address, "--judge-model", "m"])
        #expect(throws: LabelError.self, "\(address)") { try arguments.judge(output: place("third.jsonl")) }
      }
      #expect(!isThere("third.jsonl.journal"))
      let nowhere = try JudgeArguments.parse(Self.address)
      #expect(throws: LabelError.self) { try nowhere.judge(output: place("none/out.jsonl")) }
    }
  }

  /// A key that was given in place of its variable's name is not repeated.
  @Test func keysAreNamedAndNeverShown() throws {
    func failure(_ variable: String) throws -> Failure {
      let arguments = try JudgeArguments.parse(Self.address + ["--api-key-env", variable])
      return try #require(throws: Failure.self) { try arguments.judge(output: "/nowhere/out.jsonl") }
    }
    let unset = try failure("NO_SUCH_KEY_1")
    #expect(unset.message.contains("found NO_SUCH_KEY_1, which holds none") && unset.code == .validationFailure)
    for secret in ["sk-abcdef", "Sk0123456789", String(repeating: "A", count: 65)] {
      let message = try failure(secret).message
      #expect(!message.contains(secret) && message.contains("found another text"))
    }
    #expect(try EndpointKey.named("PATH") == ProcessInfo.processInfo.environment["PATH"])
  }
}

/// The program of `ockham label --method command`, before it runs.
@Suite struct ProgramArgumentsTests {
  @Test func whatIsNoProgramIsRefused() throws {
    for (arguments, words) in [
      ([], "--command: expected a program"), (["--command", "a 'b"], "with all quotes closed"),
      (["--command", " "], "--command needs a program"), (["--command", "a", "--time-limit", "0"], "--time-limit"),
      (["--command", "a", "--time-limit", "inf"], "--time-limit a number above 0"),
      (["--command", "a", "--env", "NO_SUCH_VARIABLE"], "--env: expected the name of a variable that is set"),
    ] {
      let parsed = try ProgramArguments.parse(arguments)
      let error = #expect(throws: ValidationError.self) { try parsed.unitTest() }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    let parsed = try ProgramArguments.parse(["--command", "sh -c 'exit 1' {answer}", "--env", "PATH"])
    #expect(try parsed.unitTest().arguments == ["sh", "-c", "exit 1", "{answer}"])
  }
}
