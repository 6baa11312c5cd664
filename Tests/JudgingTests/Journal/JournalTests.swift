import Foundation
import Testing

@testable import Judging

/// Journals on disk and in memory.
struct JournalTests {
  /// A folder that is removed when the test is over.
  private final class Folder {
    let path = NSTemporaryDirectory() + "judging-" + UUID().uuidString
    var journal: String { path + "/journal" }

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: journal)) }

    func read() throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: journal)), as: UTF8.self)
    }
  }

  /// What both kinds must do.
  private func keepsWhatWasPaid(_ journal: any JudgeJournal) throws {
    #expect(journal.entry(for: "k") == nil && journal.totalCostUSD == 0)
    try journal.add(JournalEntry(verdict: .first, costUSD: 0.5), for: "k")
    try journal.add(JournalEntry(verdict: nil, costUSD: 0.25), for: "none")
    try journal.add(JournalEntry(score: 0.75, costUSD: 0), for: "score")
    #expect(journal.entry(for: "score") == JournalEntry(score: 0.75, costUSD: 0))
    try journal.add(costUSD: 1)
    try journal.add(costUSD: -1)
    #expect(journal.entry(for: "k") == JournalEntry(verdict: .first, costUSD: 0.5))
    #expect(journal.entry(for: "none") == JournalEntry(verdict: nil, costUSD: 0.25))
    #expect(journal.totalCostUSD == 1.75)
  }

  @Test func bothKindsKeepWhatWasPaid() throws {
    try keepsWhatWasPaid(MemoryJournal())
    let folder = try Folder()
    try keepsWhatWasPaid(FileJournal(path: folder.journal))
    #expect(
      try folder.read() == """
        {"key":"k","verdict":"A","cost_usd":0.5}
        {"key":"none","verdict":null,"cost_usd":0.25}
        {"key":"score","score":0.75,"cost_usd":0.0}
        {"cost_usd":1.0}

        """)
  }

  @Test func memoryForgetsTheOldest() {
    let journal = MemoryJournal(capacity: 2)
    for key in ["a", "b", "a", "c", "d"] { journal.add(JournalEntry(verdict: .tie, costUSD: 1), for: key) }
    #expect(journal.entry(for: "a") == nil && journal.entry(for: "b") == nil)
    #expect(journal.entry(for: "c") != nil && journal.entry(for: "d") != nil && journal.totalCostUSD == 5)
  }

  @Test func survivesAKilledProcess() async throws {
    // A child that holds the journal and is killed leaves what it wrote, and the lock is free again.
    let folder = try Folder()
    let entry = #"{"key":"k1","verdict":"A","cost_usd":0.5}"#
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sh")
    child.arguments = [
      "-c", "exec 9>>\"$0\"; flock -xn 9; echo '\(entry)' >&9; touch \"$0.ready\"; exec cat", folder.journal,
    ]
    // It lives until it is killed, or until this process is gone and its input with it.
    let input = Pipe()
    child.standardInput = input
    child.standardOutput = FileHandle.nullDevice
    try child.run()
    while !FileManager.default.fileExists(atPath: folder.journal + ".ready") {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(throws: JudgeError.journal(path: folder.journal, reason: "another run holds this journal")) {
      _ = try FileJournal(path: folder.journal)
    }
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
    try input.fileHandleForWriting.close()
    let journal = try FileJournal(path: folder.journal)
    #expect(journal.entry(for: "k1") == JournalEntry(verdict: .first, costUSD: 0.5))
  }

  @Test func passesOverBrokenLines() throws {
    let folder = try Folder()
    try folder.write(
      "nonsense\n{\"key\":\"k\",\"verdict\":null,\"cost_usd\":1}\n{\"cost_usd\":2}\n{\"key\":\"x\"}\n{\"ke")
    do {
      let journal = try FileJournal(path: folder.journal)
      #expect(journal.entry(for: "k") == JournalEntry(verdict: nil, costUSD: 1))
      #expect(journal.entry(for: "x") == nil && journal.totalCostUSD == 3)
      try journal.add(JournalEntry(verdict: .tie, costUSD: 0.25), for: "new")
    }
    let again = try FileJournal(path: folder.journal)
    #expect(again.entry(for: "new")?.verdict == .tie && again.totalCostUSD == 3.25)
  }

  /// Places of lines lead back to them, also to those of earlier runs and beside broken ones.
  @Test func givesLinesBackByTheirPlaces() throws {
    let folder = try Folder()
    var places: [Int: Range<Int>] = [:]
    do {
      let journal = try LineJournal(path: folder.journal) { _, _ in }
      for number in 0..<300 {
        places[number] = try journal.append(
          .object(["n": .integer(number), "text": .string(String(repeating: "ä", count: number * 3))]))
      }
      for (number, place) in places { #expect(try journal.line(at: place)?["n"]?.integer == number) }
    }
    try folder.write(try folder.read() + "{\"n\":1000")
    var found: [Int: Range<Int>] = [:]
    let again = try LineJournal(path: folder.journal) { line, place in found[line["n"]?.integer ?? -1] = place }
    #expect(found == places)
    let next = try again.append(.object(["n": .integer(300)]))
    #expect(try again.line(at: next)?["n"]?.integer == 300)
  }

  /// Lines that lie across the pieces in which a file is read, and one that is longer than all of them.
  @Test func readsLongJournals() throws {
    let folder = try Folder()
    let lines = (0..<5000).map { #"{"key":"\#($0)","verdict":"B","cost_usd":1}"# }
    let long = #"{"key":"long","note":"\#(String(repeating: "x", count: 200_000))","verdict":"tie","cost_usd":1}"#
    try folder.write((lines + [long]).joined(separator: "\r\n"))
    let journal = try FileJournal(path: folder.journal)
    #expect(journal.totalCostUSD == 5001 && journal.entry(for: "long")?.verdict == .tie)
    #expect((0..<5000).allSatisfy { journal.entry(for: "\($0)")?.verdict == .second })
  }

  @Test func refusesAJournalItCannotOpen() throws {
    #expect(throws: JudgeError.self) { try FileJournal(path: "/nowhere/journal") }
  }
}
