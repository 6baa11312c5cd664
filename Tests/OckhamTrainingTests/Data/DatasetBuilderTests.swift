import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct DatasetBuilderTests {
  /// Around the borders of a chunk and of the buffer of sixteen chunks.
  @Test(arguments: [1, 255, 256, 257, 513, 4_095, 4_096, 4_097], [1, 3])
  func chunksAndThreadsLeaveNoMark(count: Int, threads: Int) throws {
    let records = (0..<count).map { index in
      LogRecord(
        id: "r\(index)", request: Request(prompt: "\(MadeUpRequests.word(index % 1_000)) \(index)"),
        outcomes: [
          ModelOutcome(name: "cheap", quality: Double(index % 2)), ModelOutcome(name: "expensive", quality: 1),
        ])
    }
    let dataset = try Training.dataset(records, threads: threads)
    #expect(dataset.rows == count)
    #expect(dataset.grams.rows == count)
    #expect(dataset.dense.count == count * dataset.denseColumns)
    #expect(dataset.ids == records.map(\.id))
    #expect(dataset.contentHashes == records.map(\.request.contentHash))
    #expect(dataset.promptBytes == records.map { $0.request.segments[0].text.utf8.count })
    let extractor = FeatureExtractor(options: dataset.options)
    var vector = extractor.makeVector()
    for row in Set([0, count / 2, 255, 256, 4_095, 4_096, count - 1]) where row < count {
      extractor.extract(records[row].request, into: &vector)
      #expect(dataset.grams.buckets(ofRow: row) == vector.buckets)
      #expect(
        dataset.dense[row * dataset.denseColumns..<(row + 1) * dataset.denseColumns] == vector.dense)
      #expect(dataset.labels[row, 0] == Float(row % 2))
    }
  }

  @Test func unknownQualitiesAndCostsStayUnknown() throws {
    let outcomes: [[ModelOutcome]] = [
      [],
      [ModelOutcome(name: "cheap", quality: 0.25, costUSD: 0.5)],
      [ModelOutcome(name: "expensive", quality: 1)],
      [ModelOutcome(name: "cheap", costUSD: 0.25), ModelOutcome(name: "expensive", quality: 0, costUSD: 2)],
    ]
    var records = outcomes.enumerated().map {
      LogRecord(id: "\($0)", request: Request(prompt: "p\($0)"), outcomes: $1, weight: Float($0) + 0.5)
    }
    records[2].task = .code
    records[3].dataset = "group"
    let dataset = try Training.dataset(records)
    func known(_ values: [Double]) -> [Double?] { values.map { $0.isNaN ? nil : $0 } }
    #expect(known(dataset.labels.values.map(Double.init)) == [nil, nil, 0.25, nil, nil, 1, nil, 0])
    #expect(known(dataset.costs) == [nil, nil, 0.5, nil, nil, nil, 0.25, 2])
    #expect(dataset.weights == [0.5, 1.5, 2.5, 3.5])
    #expect(dataset.tasks == [nil, nil, .code, nil])
    #expect(dataset.groups == ["", "", "", "group"])
  }

  @Test func aTierWithoutCostsLeavesThemOut() throws {
    let record = LogRecord(
      id: "a", request: Request(prompt: "p"),
      outcomes: [ModelOutcome(name: "cheap", quality: 1, costUSD: 1), ModelOutcome(name: "expensive", quality: 1)])
    #expect(try Training.dataset([record]).costs.contains { $0.isNaN })
  }

  @Test func theTierMapComesFromTheLogOrTheFlags() throws {
    let record = LogRecord(
      id: "a", request: Request(prompt: "p"),
      outcomes: [ModelOutcome(name: "small", quality: 1), ModelOutcome(name: "frontier", quality: 0)])
    #expect(try Training.dataset([record], tierFlags: []).tierNames == ["small", "frontier"])
    #expect(throws: TierMapError.self) {
      try Training.dataset([record], tierFlags: ["small=typo", "frontier=frontier"])
    }
    #expect(throws: TierMapError.noOutcomes) {
      try Training.dataset([LogRecord(id: "a", request: Request(prompt: "p"))], tierFlags: [])
    }
  }

  /// The name of the data changes with whatever a head is fitted to, and with nothing else.
  @Test func theContentNameFollowsRequestsLabelsAndWeights() throws {
    var requests = MadeUpRequests(seed: 4)
    let records = requests.records(20)
    let name = try Training.dataset(records).contentName
    #expect(name.count == 16)
    #expect(try Training.dataset(records, threads: 3).contentName == name)
    func changed(_ change: (inout LogRecord) -> Void) throws -> String {
      var copy = records
      change(&copy[7])
      return try Training.dataset(copy).contentName
    }
    #expect(try changed { $0.id = "other" } == name)
    #expect(try changed { $0.request.segments[0].text += "!" } != name)
    #expect(try changed { $0.request.attributes.imageCount = 1 } != name)
    #expect(try changed { $0.outcomes[0].quality = 0.5 } != name)
    #expect(try changed { $0.outcomes[1].quality = nil } != name)
    #expect(try changed { $0.weight = 2 } != name)
    #expect(try Training.dataset(records.reversed()).contentName != name)
  }

  @Test func aConstantStrongestTierIsSmoothed() throws {
    let records = (0..<10).map {
      LogRecord(id: "\($0)", request: Request(prompt: "p\($0)"), tier: $0 < 4 ? "small" : $0 < 8 ? "frontier" : nil)
    }
    let dataset = try Training.dataset(records, tierFlags: ["small=a", "frontier=b"])
    let smoothed = dataset.smoothingAlwaysCorrectTop()
    #expect((0..<8).allSatisfy { smoothed.labels[$0, 1] == Float(1) - 2 / Float(10) })
    #expect((8..<10).allSatisfy { smoothed.labels[$0, 1].isNaN })
    #expect((0..<8).allSatisfy { smoothed.labels[$0, 0] == dataset.labels[$0, 0] })
    let marked = try Training.madeUp(20)
    #expect(marked.smoothingAlwaysCorrectTop().labels == marked.labels)
  }
}

@Suite struct NGramRowsTests {
  /// Rows put together from parts are the rows appended one by one.
  @Test func partsJoinToTheWhole() throws {
    let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: 10))
    var requests = MadeUpRequests(seed: 2)
    let all = (0..<30).map { requests.request($0, isHard: $0 % 2 == 0) } + [Request(segments: [])]
    var vector = extractor.makeVector()
    let folder = FileManager.default.temporaryDirectory
    var inMemory = try StoredNGramsBuilder(in: nil)
    var inFiles = try StoredNGramsBuilder(in: folder)
    var single = NGramRows()
    var parts = [NGramRows(), NGramRows(), NGramRows()]
    for (index, request) in all.enumerated() {
      extractor.extract(request, into: &vector)
      single.append(vector)
      parts[index < 11 ? 0 : index < 12 ? 1 : 2].append(vector)
    }
    try inMemory.append(single)
    for part in parts { try inFiles.append(part) }
    try inFiles.append(NGramRows())
    let (whole, onDisk) = (try inMemory.seal(), try inFiles.seal())
    #expect(onDisk.groupEnds[0..<onDisk.groupEnds.count] == whole.groupEnds[0..<whole.groupEnds.count])
    #expect(onDisk.buckets[0..<onDisk.entryCount] == whole.buckets[0..<whole.entryCount])
    #expect(onDisk.buckets.scratchBytes == 4 * whole.entryCount && whole.buckets.scratchBytes == 0)
    #expect(whole.rows == all.count)
    #expect(whole.buckets(ofRow: all.count - 1).isEmpty)
    for row in 0..<whole.rows {
      let groups = whole.groups(ofRow: row)
      #expect(groups.count == 4)
      #expect(groups.map { $0.count }.reduce(0, +) == whole.buckets(ofRow: row).count)
      #expect(groups.flatMap { whole.buckets[$0] } == whole.buckets(ofRow: row))
    }
    // Every third request has a system message, every fourth a history, every fifth tools.
    #expect(whole.groups(ofRow: 0).allSatisfy { !$0.isEmpty })
    #expect(whole.groups(ofRow: 1).map(\.isEmpty) == [true, false, true, true])
  }
}

@Suite struct InterpolatedTiersTests {
  @Test func onlyGapsBetweenKnownTiersAreFilled() throws {
    func record(_ id: String, _ qualities: [String: Double]) -> LogRecord {
      LogRecord(
        id: id, request: Request(prompt: id),
        outcomes: qualities.sorted { $0.key < $1.key }.map { ModelOutcome(name: $0.key, quality: $0.value) })
    }
    var builder = DatasetBuilder(options: FeatureOptions(bucketBits: 10), pool: WorkerPool(threads: 1))
    for entry in [
      record("gap", ["a": 0, "d": 1]), record("end", ["b": 1, "c": 0]),
      record("all", ["a": 1, "b": 0, "c": 1, "d": 0]),
    ] { builder.add(entry) }
    let dataset = try builder.finish(tiers: TierMap(flags: ["1=a", "2=b", "3=c", "4=d"])).interpolatingTiers()
    #expect(dataset.labels.values[0..<4] == [0, 0.5, 0.5, 1])
    #expect(dataset.labels[1, 0].isNaN && dataset.labels[1, 1] == 1 && dataset.labels[1, 2] == 0)
    #expect(dataset.labels[1, 3].isNaN)
    #expect(dataset.labels.values[8..<12] == [1, 0, 1, 0])
  }

  @Test func someRowsAreADatasetOfTheirOwn() throws {
    var requests = MadeUpRequests(seed: 3)
    let records = requests.records(40)
    let chosen = [0, 3, 4, 17, 39]
    let (found, expected) = (
      try Training.dataset(records).selecting(chosen), try Training.dataset(chosen.map { records[$0] })
    )
    #expect(found.contentName == expected.contentName && !found.contentName.isEmpty)
    #expect(found.rows == 5 && found.ids == expected.ids && found.groups == expected.groups)
    #expect(found.tasks == expected.tasks && found.promptBytes == expected.promptBytes)
    let values = 0..<found.dense.count
    #expect(found.dense[values] == expected.dense[values] && !values.isEmpty)
    for row in 0..<5 {
      #expect(found.grams.buckets(ofRow: row) == expected.grams.buckets(ofRow: row))
      #expect(found.grams.groups(ofRow: row) == expected.grams.groups(ofRow: row))
    }
    #expect(found.costs.map(\.bitPattern) == expected.costs.map(\.bitPattern))
    #expect(found.outputTokens.map(\.bitPattern) == expected.outputTokens.map(\.bitPattern))
  }
}
