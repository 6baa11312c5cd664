import Foundation
import GRDB
import Ockham
import Testing

@testable import RequestLog

/// Features of answers in logs.
@Suite struct StoredResponseTests {
  private static let options = FeatureOptions(bucketBits: 12)

  private static func features(_ text: String, _ options: FeatureOptions = options) -> StoredResponse {
    let extractor = ResponseExtractor(FeatureExtractor(options: options))
    var (prompt, vector) = (extractor.extractor.makeVector(), extractor.makeVector())
    extractor.extractor.extract(Request(prompt: "Which?"), into: &prompt)
    return StoredResponse(Response(text: text), to: prompt, extractor, using: &vector)
  }

  private static var record: LogRecord {
    let outcomes = [
      ModelOutcome(name: "a", quality: 1, answer: .text("That one."), responseFeatures: features("That one.").bytes),
      ModelOutcome(name: "b", quality: 0, responseFeatures: features("None, 17.").bytes), ModelOutcome(name: "c"),
    ]
    return LogRecord(id: "r", request: Request(prompt: "Which?"), outcomes: outcomes)
  }

  private func write(_ folder: TemporaryFolder) throws -> [String] {
    let paths = [folder.path + "/log.jsonl", folder.path + "/log.sqlite"]
    let writers: [any LogWriter] = [try JSONLWriter(path: paths[0]), try SQLiteWriter(path: paths[1])]
    for var writer in writers {
      try writer.write(Self.record)
      try writer.finish()
    }
    return paths
  }

  @Test func bothFormsKeepThem() throws {
    let folder = try TemporaryFolder()
    for path in try write(folder) {
      let read = try drain(LogSource(paths: [path], options: LogOptions(isStrict: true, keepsAnswers: true))).records
      #expect(read == [Self.record])
      let stored = try #require(read[0].outcomes[1].storedResponse(fitting: Self.options))
      #expect(stored == Self.features("None, 17."))
      #expect(read[0].outcomes[1].storedResponse(fitting: FeatureOptions(bucketBits: 13)) == nil)
      #expect(
        read[0].outcomes[0].response(to: read[0])?.text == "That one."
          && read[0].outcomes[1].response(to: read[0]) == nil)
      let without = try drain(LogSource(paths: [path])).records
      #expect(without[0].outcomes.allSatisfy { $0.responseFeatures == nil && $0.answer == nil })
    }
  }

  /// Those of another version are skipped with a remark, damaged ones are an error.
  @Test func othersAreTold() throws {
    let folder = try TemporaryFolder()
    var foreign = Self.features("x").bytes
    foreign[4] ^= 1
    let cases: [([UInt8], String)] = [
      (foreign, ""),
      ([UInt8](Self.features("x").bytes.dropLast()), "outcomes[\"m\"].response_features: expected whole features"),
    ]
    for (number, (bytes, refusal)) in cases.enumerated() {
      let lines = folder.path + "/\(number).jsonl"
      let text =
        "{\"prompt\":\"x\",\"outcomes\":{\"m\":{\"response_features\":\"\(Data(bytes).base64EncodedString())\"}}}\n"
      try Data(text.utf8).write(to: URL(filePath: lines))
      let database = folder.path + "/\(number).sqlite"
      let writer = try SQLiteWriter(path: database)
      try writer.write(LogRecord(id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m")]))
      try writer.finish()
      try DatabaseQueue(path: database).write {
        try $0.execute(sql: "UPDATE outcomes SET response_features = ?", arguments: [Data(bytes)])
      }
      for path in [lines, database] {
        let (records, summary) = try drain(LogSource(paths: [path], options: LogOptions(keepsAnswers: true)))
        guard refusal.isEmpty else {
          #expect("\(summary.problems[0].violation)".hasPrefix(refusal), "\(summary.problems[0].violation)")
          continue
        }
        #expect(records[0].outcomes[0].responseFeatures == nil)
        #expect(summary.remarks.map(\.sentence) == [ResponseFeatureDecoder.remark])
      }
    }
  }

  @Test func noTextNoFeatures() throws {
    let text = #"{"prompt":"x","outcomes":{"m":{"response_features":"so so"}}}"#
    let folder = try TemporaryFolder()
    let path = try folder.file("log.jsonl", text.utf8)
    let summary = try drain(LogSource(paths: [path], options: LogOptions(keepsAnswers: true))).summary
    #expect(summary.rejected == [.incompatibleFeatures: 1])
  }
}
