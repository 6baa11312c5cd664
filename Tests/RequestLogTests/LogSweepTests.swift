import Foundation
import Ockham
import Testing
import TextKit

@testable import RequestLog

/// Readers of a log against each other and against plain accounts of what they should find.
@Suite struct LogSweepTests {
  /// Rows of a database, written as lines and read again, say what the records said.
  @Test(arguments: [1, 2] as [UInt64]) func rowsAreLines(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var random = RandomRecords(seed: seed)
    let records = (0..<150).map { _ in random.next() }
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    for record in records { try writer.write(record) }
    try writer.finish()
    let reader = try RawLineReader(path: path)
    var decoder = try LineDecoder(path: path, keepsAnswers: true)
    var read: [LogRecord] = []
    while let line = try reader.next() {
      #expect(line.violation == nil)
      read.append(try decoder.decode(line.bytes, number: line.number))
    }
    #expect(read.count == records.count)
    #expect(zip(read, records).first { $0 != $1 }?.1.id == nil, "the first record that says something else")
  }

  /// A line that comes by itself is read, or rejected, as one of a file is.
  @Test func singleLinesAreReadAsFilesAre() throws {
    var random = RandomRecords(seed: 4)
    var encoder = RecordEncoder()
    let good = (0..<50).map { _ in String(decoding: encoder.line(for: random.next()), as: UTF8.self) }
    var decoder = try LineDecoder(path: "pieces", keepsAnswers: true)
    var problems = 0
    for line in good + RejectionTests.lines.map(\.line) where !line.contains("\n") {
      let found = try entries(line + "\n", options: LogOptions(keepsAnswers: true))
      guard let entry = found.first, found.count == 1 else { continue }
      do throws(LogProblem) {
        let record = try decoder.decode(line.utf8, number: 1)
        #expect((entry.record == record) == true, "\(line.prefix(80))")
      } catch {
        problems += 1
        #expect(entry.problem == error, "\(line.prefix(80))")
      }
    }
    #expect(problems > 40)
    // Ids may come again: nothing is kept of them.
    #expect(try decoder.decode(good[0].utf8, number: 2) == decoder.decode(good[0].utf8, number: 3))
  }

  /// Rows of few ids in up to three files, merged, against a dictionary.
  @Test(arguments: 0..<8) func mergingAgreesWithADictionary(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let folder = try TemporaryFolder()
    struct Row {
      var id: Int
      var outcomes: [String: Double?]
    }
    var rows: [Row] = []
    var paths: [String] = []
    for file in 0..<Int.random(in: 1...3, using: &generator) {
      var text = ""
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let names = ["s", "m", "f"].filter { _ in Bool.random(using: &generator) }
        let qualities: [Double?] = [nil, 0, 0.25, 1]
        let outcomes = Dictionary(
          uniqueKeysWithValues: names.map { ($0, qualities.randomElement(using: &generator) ?? nil) })
        let row = Row(id: Int.random(in: 0..<6, using: &generator), outcomes: outcomes)
        rows.append(row)
        let list = names.map { "\"\($0)\":{\"quality\":\((outcomes[$0] ?? nil).map { "\($0)" } ?? "null")}" }
        let head = ["\"id\":\"r\(row.id)\"", "\"prompt\":\"q\(row.id)\""].shuffled(using: &generator)
        text += "{\(head.joined(separator: ",")),\"outcomes\":{\(list.joined(separator: ","))}}\n"
      }
      paths.append(try folder.file("log\(file).jsonl", text))
    }
    for key in MergeKey.allCases {
      let (records, summary) = try LogSource(paths: paths, options: LogOptions(merging: key)).readAll()
      // A record is there once its last row is.
      let order = Set(rows.map(\.id)).sorted { a, b in
        (rows.lastIndex { $0.id == a } ?? 0) < (rows.lastIndex { $0.id == b } ?? 0)
      }
      #expect(records.map(\.id) == order.map { "r\($0)" })
      var contradictions = 0
      for (record, id) in zip(records, order) {
        let own = rows.filter { $0.id == id }
        let names = Set(own.flatMap(\.outcomes.keys))
        #expect(Set(record.outcomes.map(\.name)) == names && record.outcomes.count == names.count)
        for outcome in record.outcomes {
          let known = own.compactMap { $0.outcomes[outcome.name] ?? nil }
          #expect(outcome.quality == (known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)))
          contradictions += Set(known).count > 1 ? 1 : 0
        }
      }
      #expect(summary.records == order.count && summary.merged == rows.count - order.count)
      #expect(summary.contradictions == contradictions && summary.rejectedCount == 0)
    }
  }

  /// Two readers of JSON, written apart, take and refuse the same short texts.
  @Test(arguments: [
    ["0", "1", "-", ".", "e", "+"], ["[", "]", ",", "1", "null", "\t"], ["{", "}", ",", ":", "\"\"", "[]"],
    ["\"", "\\", "u", "0041", "n", "\u{1F}"],
  ]) func readersOfJSONAgree(alphabet: [String]) throws {
    let document = try #require(JSONDocument(maximumBytes: 100))
    var texts = [""]
    for _ in 0..<5 {
      texts = texts.flatMap { text in alphabet.map { text + $0 } }
      for text in texts {
        let node = try? JSONParser.parse(Array(text.utf8))
        let isRead = (try? document.parse(copying: text.utf8)) != nil
        if isRead != (node != nil) { Issue.record("\(text.debugDescription): \(isRead) and \(node != nil)") }
        guard isRead, let node else { continue }
        #expect(
          document.root.kind == .string
            ? document.root.wellFormedString() == node.string : document.root.number == node.number)
      }
    }
  }

  @Test(arguments: [
    ("9223372036854775807", Int.max, "9223372036854775807"), ("-9223372036854775808", .min, "-9223372036854775808"),
    ("9223372036854775808", nil, "9223372036854775808"), ("18446744073709551615", nil, "18446744073709551615"),
    ("40.0", 40, "40.0"), ("4e1", 40, "40.0"), ("-0", 0, "0"), ("0.5", nil, "0.5"), ("1e300", nil, "1e+300"),
    ("true", nil, nil), ("\"1\"", nil, nil),
  ]) func numbersOfALine(text: String, whole: Int?, shown: String?) throws {
    let document = try #require(JSONDocument(maximumBytes: 100))
    try document.parse(copying: text.utf8)
    #expect(document.root.wholeNumber == whole && document.root.numberText == shown)
  }

  /// What is remembered of strings is never another string, whatever shares its place.
  @Test func pooledStringsAreTheirOwn() throws {
    let document = try #require(JSONDocument(maximumBytes: 1 << 16))
    var pool = StringPool()
    for round in 0..<3 {
      for length in [0, 1, 95, 96, 97, 200] {
        for number in 0..<400 {
          let text = String(String(repeating: "n", count: max(0, length - 3)) + "\(number)").suffix(length)
          try document.parse(copying: "\"\(text)\"".utf8)
          #expect(pool.string(of: document.root) == String(text), "round \(round)")
        }
      }
    }
  }

  /// Every kind of remark is counted, the first hundred by themselves; the count of all is never wrong.
  @Test func remarksBeyondTheHundredthKindAreCountedTogether() {
    let place = { LogPlace(path: "log", position: .line($0)) }
    var (whole, halves) = (LogRemarks(), [LogRemarks(), LogRemarks()])
    for number in 0..<600 {
      let sentence = "kind \(number % 150)"
      whole.note(sentence, at: place(number))
      halves[number % 2].note(sentence, at: place(number))
    }
    #expect(whole.all.count == LogRemarks.maximumKinds + 1 && whole.all.reduce(0) { $0 + $1.count } == 600)
    #expect(whole.all[7] == LogRemark(sentence: "kind 7", count: 4, place: "log:7"))
    #expect(whole.all.last == LogRemark(sentence: "remarks of other kinds", count: 200, place: "log:100"))
    var joined = LogRemarks()
    for half in halves { joined.add(half.all) }
    #expect(joined.all.count == LogRemarks.maximumKinds + 1 && joined.all.reduce(0) { $0 + $1.count } == 600)
    #expect(whole.all[0].description == "4 × kind 0 (first: log:0)")
  }

  @Test(
    arguments: [("quality", #"outcomes["a"].quality"#), ("[2]", #"outcomes["a"][2]"#), (nil, #"outcomes["a"]"#)]
      as [(String?, String)])
  func fieldsAreNamedFromTheOutside(field: String?, path: String) {
    let violation = RecordViolation(.wrongType, field: field, expected: "e", found: "f", remedy: "r")
    #expect(violation.inside(#"["a"]"#).inside("outcomes").field == path)
    #expect("\(violation.inside("x"))".hasSuffix(": expected e, found f; r"))
  }

  /// What programs read of a decision: these members in this order, and null for what is unknown.
  @Test func decisionsAreTheSameForEveryProgram() {
    var decision = DecisionJSON(
      tierNames: ["small", "frontier"], tier: "small", probabilities: [0.75, 0.875], gain: 0.125, threshold: 0.5,
      expectedCostUSD: [0.001, nil], task: .code, reason: "gain_below_threshold", isUnfamiliar: false, nanoseconds: 12)
    func text() -> String { JSONNode.object(decision.members(id: "r\"1")).jsonText }
    #expect(
      text()
        == #"{"id":"r\"1","tier":"small","probability":{"small":0.75,"frontier":0.875},"difficulty":0.25,"gain":0.125,"threshold":0.5,"expected_cost_usd":{"small":0.001,"frontier":null},"task":"code","reason":"gain_below_threshold","unfamiliar":false,"nanoseconds":12}"#
    )
    (decision.tier, decision.probabilities, decision.expectedCostUSD, decision.task) = (nil, [], [], nil)
    (decision.gain, decision.threshold) = (.nan, .infinity)
    #expect(
      text()
        == #"{"id":"r\"1","tier":null,"probability":{},"difficulty":null,"gain":null,"threshold":null,"expected_cost_usd":null,"task":null,"reason":"gain_below_threshold","unfamiliar":false,"nanoseconds":12}"#
    )
  }
}

/// Tiers, their models, and what beats what, over all small cases.
@Suite struct TierSweepTests {
  /// A pattern by its definition: a star takes any beginning of what is left.
  private func fits(_ name: Substring, _ pattern: Substring) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    if first == "*" { return fits(name, pattern.dropFirst()) || !name.isEmpty && fits(name.dropFirst(), pattern) }
    return name.first == first && fits(name.dropFirst(), pattern.dropFirst())
  }

  @Test func patternsMeanWhatTheirStarsMean() {
    func words(_ alphabet: [String], _ length: Int) -> [String] {
      (0..<length).reduce(into: ["", ""]) { words, _ in words += words.flatMap { word in alphabet.map { word + $0 } } }
    }
    let names = Set(words(["a", "b"], 4)).sorted()
    for pattern in Set(words(["a", "b", "*"], 5)) {
      guard let compiled = ModelPattern(pattern, tier: 0) else {
        #expect(!pattern.contains("*"))
        continue
      }
      for name in names where compiled.matches(name) != fits(name[...], pattern[...]) {
        Issue.record("\(pattern) of \(name): \(compiled.matches(name))")
      }
    }
  }

  /// All sets of up to three models of few qualities and costs: on the front stands who is beaten by no one.
  @Test func theFrontIsWhatNoneBeats() {
    let kinds: [(quality: Double?, cost: Double?)] = [nil, 0, 0.5, 1].flatMap { quality in
      [nil, 0, 1, 2].map { (quality: quality, cost: $0) }
    }
    func check(_ picked: [Int]) {
      let models = picked.enumerated().map { place, kind in
        OutcomeStatistics.Model(
          name: "m\(place)", count: 1, meanQuality: kinds[kind].quality, meanCostUSD: kinds[kind].cost)
      }
      let known = models.filter { $0.meanQuality != nil }
      let front = OutcomeStatistics.front(models)
      #expect(OutcomeStatistics.front(models.reversed()) == front, "the order of models says nothing")
      guard known.allSatisfy({ $0.meanCostUSD != nil }) else {
        #expect(front.map { $0.meanQuality ?? 0 } == known.map { $0.meanQuality ?? 0 }.sorted())
        return
      }
      for model in known {
        let (quality, cost) = (model.meanQuality ?? 0, model.meanCostUSD ?? 0)
        let isBeaten = known.contains { other in
          let (more, less) = ((other.meanQuality ?? 0) - quality, (other.meanCostUSD ?? 0) - cost)
          return more >= 0 && less <= 0 && (more > 0 || less < 0 || other.name < model.name)
        }
        #expect(front.contains(model) != isBeaten)
      }
      // Up the front quality and dollars rise together.
      for (lower, upper) in zip(front, front.dropFirst()) {
        #expect(
          (lower.meanCostUSD ?? 0) < (upper.meanCostUSD ?? 0) && (lower.meanQuality ?? 0) < (upper.meanQuality ?? 0))
      }
    }
    for a in kinds.indices {
      for b in kinds.indices {
        check([a, b])
        for c in kinds.indices { check([a, b, c]) }
      }
    }
  }

  /// What is proposed is accepted: the flags make a map of the log's own models, weakest first.
  @Test func proposedTiersMakeAMap() throws {
    var generator = SplitMix(state: 2)
    for _ in 0..<200 {
      var survey = OutcomeStatistics()
      let names = ["it's", "a b", "x=y", "ü", "m*"].shuffled(using: &generator).prefix(
        Int.random(in: 0...5, using: &generator))
      let outcomes = names.map { name in
        ModelOutcome(
          name: name, quality: [nil, 0.25, 0.5, 1].randomElement(using: &generator) ?? nil,
          costUSD: [nil, 0.5, 1].randomElement(using: &generator) ?? nil)
      }
      survey.add(LogRecord(id: "a", request: Request(prompt: "x"), outcomes: outcomes))
      let flags = survey.suggestedTiers
      let rated = outcomes.count { $0.quality != nil }
      #expect(flags.isEmpty == (rated < 2), "\(outcomes)")
      guard !flags.isEmpty else { continue }
      let map = try TierMap(TierMap(flags: flags), survey: survey)
      #expect(
        map.tiers.count == flags.count && map.tiers.allSatisfy { $0.models.count == 1 && survey.contains($0.models[0]) }
      )
      #expect(map.names.first == "small" && map.names.last == "frontier" && map.tiers.count <= max(2, rated))
      // The strongest tier is the best of all models but the first one.
      let others = outcomes.filter { $0.name != map.tiers[0].models[0] }.compactMap(\.quality)
      let last = outcomes.first { $0.name == map.tiers[map.tiers.count - 1].models[0] }
      #expect(last?.quality == others.max())
    }
  }
}
