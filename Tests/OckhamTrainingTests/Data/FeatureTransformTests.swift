import Statistics
import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// Everything that ``FeatureTransform`` does, done slowly with dictionaries.
struct PlainTransform {
  private var frequency: [UInt32: Int] = [:]
  private let rows: [Int]
  private let dataset: Dataset
  private let exponent: Double

  init(_ dataset: Dataset, rows: [Int], exponent: Double = 1) {
    self.dataset = dataset
    self.exponent = exponent
    self.rows = rows
    for row in rows {
      for bucket in dataset.grams.buckets(ofRow: row) { frequency[bucket, default: 0] += 1 }
    }
  }

  var seen: [UInt32] { frequency.keys.sorted() }

  /// idf² as a real number, then on the grid of 1/32,767 of the rarest bucket's.
  func squaredIDF(_ bucket: UInt32) -> Double {
    guard let count = frequency[bucket] else { return 0 }
    func exact(_ frequency: Int) -> Double {
      let idf = log(Double(1 + rows.count) / Double(1 + min(frequency, rows.count))) + 1
      return Double(Float(pow(idf * idf, exponent)))
    }
    let unit = Double(Float(exact(1)) / 32_767)
    return max(1, (exact(count) / unit).rounded()) * unit
  }

  /// The value of each seen bucket of a row; a bucket that occurs in two namespaces adds up.
  func values(ofRow row: Int) -> [UInt32: Double] {
    var result: [UInt32: Double] = [:]
    for group in dataset.grams.groups(ofRow: row) {
      let buckets = dataset.grams.buckets[group]
      let norm = buckets.reduce(0) { $0 + squaredIDF($1) }.squareRoot()
      for bucket in buckets where frequency[bucket] != nil {
        result[bucket, default: 0] += squaredIDF(bucket).squareRoot() / norm
      }
    }
    return result
  }

  func dense(row: Int, column: Int) -> Double {
    let training = rows.map { Double(dataset.dense[$0 * dataset.denseColumns + column]) }
    let mean = training.reduce(0, +) / Double(training.count)
    let variance = training.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(training.count)
    guard variance.squareRoot() >= 1e-5 else { return 0 }
    return min(max((Double(dataset.dense[row * dataset.denseColumns + column]) - mean) / variance.squareRoot(), -2), 2)
  }
}

@Suite struct FeatureTransformTests {
  @Test(arguments: [[Int](0..<60), [0], [5, 9, 40], [Int](30..<60)], [1, 0.5, 0])
  func matchesPlainTransform(rows: [Int], exponent: Double) throws {
    let dataset = try Training.madeUp(60)
    let all = Array(0..<dataset.rows)
    let (transform, plain) = (
      FeatureTransform(fitting: dataset, rows: rows, scaling: FeatureScaling(idfExponent: exponent)),
      PlainTransform(dataset, rows: rows, exponent: exponent)
    )
    #expect(transform.bucketOfColumn == plain.seen)
    let sparse = transform.sparse(dataset, rows: all).selectingRows(all)
    for row in all {
      var found: [UInt32: Double] = [:]
      for entry in sparse.entries(ofRow: row) {
        found[transform.bucketOfColumn[Int(sparse.columnIndices[entry])], default: 0] += Double(sparse.values[entry])
      }
      let expected = plain.values(ofRow: row)
      #expect(Set(found.keys) == Set(expected.keys))
      for (bucket, value) in expected { #expect(abs((found[bucket] ?? 0) - value) < 1e-5) }
    }
    // The trainer's matrix checks its own invariants when it is built from outside.
    _ = try CSRMatrix(
      rows: sparse.rows, columns: sparse.columns, rowStarts: sparse.rowStarts,
      columnIndices: sparse.columnIndices, values: sparse.values)
  }

  @Test func standardisesAndClipsLikePlainTransform() throws {
    var requests = MadeUpRequests(seed: 1)
    var records = requests.records(60)
    // Far outside of what the other rows are.
    records[59].request = Request(prompt: String(repeating: "Why 123? Because `x = 4`.\n- no\n", count: 60))
    let dataset = try Training.dataset(records)
    let rows = Array(0..<40)
    let (transform, plain) = (
      FeatureTransform(fitting: dataset, rows: rows, scaling: FeatureScaling()), PlainTransform(dataset, rows: rows)
    )
    let dense = transform.dense(dataset, rows: Array(0..<dataset.rows)).selectingRows(Array(0..<dataset.rows))
    var clipped = 0
    for row in 0..<dataset.rows {
      for column in 0..<dense.columns {
        let expected = plain.dense(row: row, column: column)
        #expect(abs(Double(dense[row, column]) - expected) < 1e-3 * max(1, abs(expected)))
        if abs(dense[row, column]) == 2 { clipped += 1 }
      }
    }
    #expect(clipped > 0)
  }

  @Test func everyNamespaceOfATrainingRowHasNormOne() throws {
    let dataset = try Training.madeUp(60)
    let transform = FeatureTransform(fitting: dataset, rows: Array(0..<60), scaling: FeatureScaling())
    for row in 0..<60 {
      for group in dataset.grams.groups(ofRow: row) where !group.isEmpty {
        let buckets = dataset.grams.buckets[group]
        let norm = transform.grams.norm(buckets)
        let sum = buckets.reduce(Float(0)) { $0 + (transform.grams.idf($1) / norm) * (transform.grams.idf($1) / norm) }
        #expect(abs(sum - 1) < 1e-4)
      }
    }
  }

  @Test func aHeldOutRowHasNoInfluence() throws {
    var requests = MadeUpRequests(seed: 1)
    var records = requests.records(60)
    let before = FeatureTransform(
      fitting: try Training.dataset(records), rows: Array(0..<59), scaling: FeatureScaling())
    records[59].request = Request(prompt: String(repeating: "entirely OTHER 123 words! ", count: 40))
    let after = FeatureTransform(fitting: try Training.dataset(records), rows: Array(0..<59), scaling: FeatureScaling())
    #expect(before.grams.squares == after.grams.squares)
    #expect(before.bucketOfColumn == after.bucketOfColumn)
    #expect(before.means == after.means)
    #expect(before.inverseDeviations == after.inverseDeviations)
    let including = FeatureTransform(
      fitting: try Training.dataset(records), rows: Array(0..<60), scaling: FeatureScaling())
    #expect(including.means != after.means)
  }

  /// More than 65,536 buckets of the largest idf² do not fit a 32-bit sum.
  @Test func theNormOfAnEnormousRequestIsExact() throws {
    var generator = SplitMix64(seed: 9)
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let words = (0..<1_300).map { _ in String((0..<24).map { _ in letters[generator.next(below: 36)] }) }
    let record = {
      LogRecord(
        id: $0, request: Request(prompt: $1),
        outcomes: [ModelOutcome(name: "a", quality: 1), ModelOutcome(name: "b", quality: 1)])
    }
    let dataset = try Training.dataset(
      [record("r", words.joined(separator: " ")), record("s", "short")],
      options: FeatureOptions(bucketBits: 20, characterGrams: true), tierFlags: ["x=a", "y=b"])
    let buckets = dataset.grams.buckets(ofRow: 0)
    try #require(buckets.count > 65_540)
    let transform = FeatureTransform(fitting: dataset, rows: [0, 1], scaling: FeatureScaling())
    let expected = (Double(buckets.count) * 32_767 * Double(transform.grams.scale)).squareRoot()
    #expect(abs(Double(transform.grams.norm(buckets)) - expected) < expected * 1e-3)
  }
}
