import Ockham
import RequestLog
import Statistics
import Testing

@testable import OckhamTraining

@Suite struct NearDuplicatesTests {
  private static let text =
    "Please write a short reply to the customer who asked why order 4711 has not arrived at the depot in Ghent yet"

  @Test(arguments: [
    text.uppercased(), text.replacing(" ", with: "\n  "), text + " ?!", text.replacing("4711", with: "90210"),
  ]) func areAlike(other: String) throws {
    let data = try dataset([Self.text, other])
    #expect(resemblance(data) >= NearDuplicates.leastResemblance)
    #expect(data.nearKeys == [data.contentHashes[0], data.contentHashes[0]])
  }

  @Test(arguments: [
    text.replacing("write a short reply", with: "translate the letter"), "", "Why?",
    text.replacing("who asked why order", with: "and ask for"),
  ]) func areNot(other: String) throws {
    let data = try dataset([Self.text, other])
    #expect(data.nearKeys == data.contentHashes)
  }

  /// The estimate beside the whole sets, counted.
  @Test func estimatesTheJaccardIndex() throws {
    let words = (0..<400).map { "w\($0)" }
    func set(_ text: String) -> Set<String> {
      let words = text.split(separator: " ").map(String.init)
      return Set(words + zip(words, words.dropFirst()).map { $0 + " " + $1 })
    }
    for change in [0, 3, 20, 100] {
      let left = words.joined(separator: " ")
      let right = words.enumerated().map { $0.offset % 400 < change ? "v\($0.offset)" : $0.element }.joined(
        separator: " ")
      let exact = Double(set(left).intersection(set(right)).count) / Double(set(left).union(set(right)).count)
      #expect(abs(resemblance(try dataset([left, right])) - exact) < 0.15)
    }
  }

  /// Groups by comparing every request with every first one.
  @Test func findsWhatComparingAllFinds() throws {
    let words = (0..<60).map { "word\($0)" }
    var generator = SplitMix64(seed: 11)
    var prompts: [String] = []
    for _ in 0..<150 {
      var text = (0..<25).map { _ in words[generator.next(below: words.count)] }
      prompts.append(text.joined(separator: " "))
      text[generator.next(below: text.count)] = "another"
      prompts.append(text.joined(separator: " "))
      if generator.next(below: 4) == 0 { prompts.append(text.prefix(3).joined(separator: " ")) }
    }
    let data = try dataset(prompts)
    let sketches = prompts.indices.map { NGramSketch(data.grams, row: $0) }
    var firsts: [Int] = []
    let expected = prompts.indices.map { row -> UInt64 in
      if let first = firsts.first(where: {
        sketches[$0].resemblance(to: sketches[row]) >= NearDuplicates.leastResemblance
      }) {
        return data.contentHashes[first]
      }
      firsts.append(row)
      return data.contentHashes[row]
    }
    #expect(firsts.count < prompts.count - 100)
    #expect(zip(expected, data.nearKeys).count { $0 != $1 } <= prompts.count / 50)
  }

  @Test func leastHashesAreThoseOfASort() {
    let extractor = FeatureExtractor(options: FeatureOptions())
    var vector = extractor.makeVector()
    extractor.extract(Request(prompt: Self.text), into: &vector)
    var (all, few) = (LeastHashes(limit: .max >> 8), LeastHashes(limit: NearDuplicates.keys))
    all.load(vector)
    few.load(vector)
    #expect(all.hashes == Array(Set(all.hashes)).sorted() && all.hashes.count == vector.buckets.count)
    #expect(few.hashes == Array(all.hashes.prefix(NearDuplicates.keys)))
  }

  private func resemblance(_ data: Dataset) -> Double {
    NGramSketch(data.grams, row: 0).resemblance(to: NGramSketch(data.grams, row: 1))
  }

  private func dataset(_ prompts: [String]) throws -> Dataset {
    var requests = MadeUpRequests(seed: 3)
    var records = requests.records(prompts.count)
    for index in records.indices { records[index].request = Request(prompt: prompts[index]) }
    return try Training.dataset(records, options: FeatureOptions())
  }

  @Test func nearDuplicatesShareAFold() throws {
    let words = ["red", "green", "blue", "white", "black", "grey", "pink", "brown", "gold", "silver"]
    let data = try dataset(
      (0..<30).map { row in
        let word = words[row % 10]
        return (1...4).map { "the \(word) door \($0) of \(word) house \($0) is \(word)" }.joined(separator: " and ")
          + " \(row)"
      })
    let plan = try FoldPlan(data, rows: Array(0..<30), folds: 5, seed: 1)
    for fold in plan.folds {
      let trained = Set(fold.training.map { $0 % 10 })
      #expect(fold.heldOut.allSatisfy { !trained.contains($0 % 10) })
    }
  }

  @Test func templatesAreToldApartByContent() throws {
    let template = "Work out this sum step by step and write nothing but the number at the end of your answer please"
    let data = try dataset((0..<40).map { $0 < 30 ? "\(template) \($0)" : "Other \($0)" })
    #expect(Set(data.nearKeys[..<30]).count == 1)
    #expect(Set(data.foldGroups(Array(0..<40), folds: 5)[..<30]).count == 30)
    // Fewer groups than folds.
    #expect(Set(data.foldGroups(Array(0..<8), folds: 5)).count == 8)
  }

  @Test func turnsOfAConversationShareAFold() throws {
    var requests = MadeUpRequests(seed: 4)
    var records = requests.records(40)
    for index in records.indices { records[index].conversation = index < 30 ? "c\(index % 10)" : nil }
    let groups = try Training.dataset(records).foldGroups(Array(0..<40), folds: 5)
    for index in 0..<30 { #expect(groups[index] == groups[index % 10]) }
    #expect(Set(groups).count > 15)
    let some = [39, 25, 5, 31, 15, 8, 28, 0, 1, 2]
    let selected = try Training.dataset(records).selecting(some)
    let chosen = selected.foldGroups(Array(some.indices), folds: 2)
    #expect(chosen[1] == chosen[2] && chosen[2] == chosen[4] && chosen[5] == chosen[6] && chosen[0] != chosen[3])
  }

  @Test func aGreetingTiesNoConversationsTogether() throws {
    var requests = MadeUpRequests(seed: 4)
    var records = requests.records(40)
    for index in records.indices {
      records[index].conversation = "c\(index % 10)"
      if index < 10 { records[index].request = Request(prompt: "Hello, how are you?") }
    }
    let groups = try Training.dataset(records).foldGroups(Array(0..<40), folds: 5)
    #expect(Set(groups).count == 10)
    for index in 0..<40 { #expect(groups[index] == groups[index % 10]) }
  }

  @Test func countsPartsOfRecordsUnderIDsOfTheirOwn() throws {
    var requests = MadeUpRequests(seed: 5)
    let records = requests.records(20)
    func part(_ record: LogRecord, _ id: String, _ outcomes: [ModelOutcome]) -> LogRecord {
      var part = record
      (part.id, part.outcomes) = (id, outcomes)
      return part
    }
    let parts = records.enumerated().flatMap { place, record in
      let (first, last) = ([record.outcomes[0]], [record.outcomes[record.outcomes.count - 1]])
      return [part(record, "a\(place)", first), part(record, "b\(place)", place < 15 ? last : first)]
    }
    #expect(try Training.dataset(parts).splitRows == 15)
    #expect(try Training.dataset(records + records.map { part($0, "c", $0.outcomes) }).splitRows == 0)
  }
}
