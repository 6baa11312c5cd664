import Ockham
import RequestLog
import Statistics
import Testing

@testable import OckhamTraining

/// What labels count that a cascade saw by chance alone.
@Suite struct LabelFactorsTests {
  private func record(_ id: Int, cheap: Double, expensive: Double?, _ steps: [CascadeStep]?) -> LogRecord {
    var record = LogRecord(
      id: "r\(id)", request: Request(prompt: "question \(id)"),
      outcomes: [
        ModelOutcome(name: "cheap", quality: cheap, answer: .text("four")),
        ModelOutcome(name: "expensive", quality: expensive),
      ])
    record.steps = steps
    return record
  }

  private func steps(accepted: Bool, then propensity: Double? = nil) -> [CascadeStep] {
    [CascadeStep(tier: "cheap", propensity: 0.5, isAccepted: accepted)]
      + (propensity.map { [CascadeStep(tier: "expensive", propensity: $0, isAccepted: true)] } ?? [])
  }

  @Test func eachLabelCountsByItsOwnChance() throws {
    let records = [
      record(0, cheap: 1, expensive: nil, steps(accepted: true)),
      record(1, cheap: 0, expensive: 1, steps(accepted: false, then: 1)),
      record(2, cheap: 1, expensive: 0, steps(accepted: true, then: 0.04)),
      record(3, cheap: 1, expensive: 0, steps(accepted: true, then: 0.001)), record(4, cheap: 1, expensive: 0, nil),
    ]
    let dataset = try Training.answered(records)
    let factors = try #require(dataset.labelFactors)
    #expect((0..<5).map { factors[$0, 0] } == [1, 1, 1, 1, 1])
    #expect((0..<5).map { factors[$0, 1] } == [1, 1, 25, LabelFactors.largest, 1])
    #expect((0..<5).map { dataset.weight(ofWholeRow: $0) } == [1, 1, 25, 100, 1])
    #expect(dataset.selecting([2, 0]).labelFactors?.values == [1, 25, 1, 1])
    #expect(dataset.keeping(tiers: [1]).labelFactors?.values == [1, 1, 25, 100, 1])
    // Logs without chance are what they were.
    let plain = try Training.answered([records[0], records[1], records[4]])
    #expect(plain.labelFactors == nil && plain.contentName != dataset.contentName)
  }

  /// A factor is as good as so many rows with that label alone.
  @Test func aFactorIsSoManyRows() {
    var labels = DenseMatrix(repeating: 0, rows: 0, columns: 2)
    labels.appendRows([1, .nan, 0, 1, 1, 0])
    var factors = DenseMatrix(repeating: 1, rows: 3, columns: 2)
    factors[2, 1] = 3
    let weighted = HeadTargets(labels: labels, weights: [1, 2, 0.5], factors: factors)
    var repeated = labels
    repeated.appendRows([.nan, 0, .nan, 0])
    let plain = HeadTargets(labels: repeated, weights: [1, 2, 0.5, 0.5, 0.5])
    for head in 0..<2 {
      func mean(_ targets: HeadTargets, _ rows: Range<Int>) -> Double {
        rows.reduce(0) {
          $0 + targets.weights[$1 * targets.stride + head] * targets.targets[$1 * targets.stride + head]
        }
      }
      #expect(abs(mean(weighted, 0..<3) - mean(plain, 0..<5)) < 1e-12)
      #expect(weighted.weights[head] == plain.weights[head])
    }
  }

  /// Where the better tier is asked mostly about what looked bad, the share of its good answers is right all the same.
  @Test func whatAcceptedAnswersHidIsMadeUpFor() throws {
    var generator = SplitMix64(seed: 8)
    var records: [LogRecord] = []
    var (sum, seen) = (0.0, (good: 0.0, count: 0.0))
    for id in 0..<4_000 {
      let isAccepted = generator.nextUnit() < 0.7
      let expensive: Double = generator.nextUnit() < (isAccepted ? 0.95 : 0.4) ? 1 : 0
      let isSeen = !isAccepted || generator.nextUnit() < 0.1
      sum += expensive
      if isSeen { seen = (seen.good + expensive, seen.count + 1) }
      records.append(
        record(
          id, cheap: isAccepted ? 1 : 0, expensive: isSeen ? expensive : nil,
          steps(accepted: isAccepted, then: isSeen ? (isAccepted ? 0.1 : 1) : nil)))
    }
    let dataset = try Training.answered(records)
    let known = (0..<dataset.rows).filter { !dataset.labels[$0, 1].isNaN }
    let total = known.reduce(0) { $0 + Double(dataset.weight(ofRow: $1, tier: 1)) }
    let mean = known.reduce(0) { $0 + Double(dataset.weight(ofRow: $1, tier: 1) * dataset.labels[$1, 1]) } / total
    #expect(abs(mean - sum / 4_000) < 0.03 && abs(seen.good / seen.count - sum / 4_000) > 0.1)
  }

  /// Features that a gateway kept train as the texts do, and so do answers whose own texts were kept beside features of requests.
  @Test func keptFeaturesTrainAsTexts() throws {
    let records = MadeUpRequests.answered(40)
    let texts = try #require(try Training.answered(records).answers?.stored)
    let extractor = ResponseExtractor(FeatureExtractor(options: FeatureOptions(bucketBits: 10)))
    var (prompt, vector) = (extractor.extractor.makeVector(), extractor.makeVector())
    let kept = try records.map { record in
      var copy = record
      extractor.extractor.extract(record.request, into: &prompt)
      let response = Response(try #require(record.outcomes[0].answer), to: record.request)
      copy.outcomes[0].responseFeatures =
        StoredResponse(response, to: prompt, extractor, using: &vector).bytes
      copy.outcomes[0].answer = nil
      copy.features = StoredFeatures(record.request, extractor.extractor, using: &prompt)
      copy.request = Request(segments: [])
      return copy
    }
    let stored = try #require(try Training.answered(kept).answers?.stored)
    #expect(stored.places.count == 40 && stored.dense[0..<stored.dense.count] == texts.dense[0..<texts.dense.count])
    #expect((0..<40).allSatisfy { stored.grams.buckets(ofRow: $0) == texts.grams.buckets(ofRow: $0) })
  }
}
