import Evaluation
import Foundation
import Ockham
import Statistics
import TextKit
import Testing

@testable import Workflow

/// A cascade on its path from a scored log into a model file.
@Suite struct CalibratedCascadeTests {
  /// Rows of three tiers in which the responses of the lower two show whether they are good.
  private func log(rows: Int = 300) throws -> ScoredLog {
    var generator = SplitMix64(seed: 3)
    var (probability, quality, cost): ([Float], [Double], [Double]) = ([], [], [])
    var scores: [[Float]] = [[], []]
    let means: [Float] = [0.6, 0.7, 0.9]
    for _ in 0..<rows {
      let good = means.map { mean in generator.nextUnit() < mean }
      probability += means
      quality += good.map { $0 ? 1 : 0 }
      cost += [0.0001, 0.001, 0.02]
      scores[0] += [good[0] ? 0.98 : 0.02, means[1], means[2]]
      scores[1] += [good[1] ? 0.98 : 0.02, means[2]]
    }
    return try ScoredLog(
      tierNames: ["small", "mid", "frontier"], origins: (0..<rows).map { RowOrigin(id: "\($0)") },
      promptBytes: [Int](repeating: 1, count: rows), probability: Matrix(probability, columns: 3),
      quality: Matrix(quality, columns: 3), cost: Matrix(cost, columns: 3),
      responses: ResponseScores(probability: [Matrix(scores[0], columns: 3), Matrix(scores[1], columns: 2)]))
  }

  private func file() throws -> TensorFile {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try TensorFile(Array(Data(contentsOf: root.appending(path: "Golden/runtime/responses.safetensors"))))
  }

  private let parameters = ThresholdChoiceParameters(gridCount: 60, orders: 20)

  @Test func aProvenCascadeStandsInTheModel() throws {
    let chosen = try CalibratedThresholds(log(), goal: .targetQuality(fraction: 0.9), parameters: parameters)
    let cascade = try #require(chosen.cascade)
    #expect(cascade.choice.isProven && cascade.path.member != .router)
    #expect(try #require(cascade.choice.estimate?.saved) > 0.5)
    let written = chosen.applied(to: try file())
    let model = try Model(written.encoded())
    #expect(model.cascade == cascade.choice.policy && model.responseTiers == [0, 1])
    #expect(model.metadata["parts"] == #"["response","cascade"]"#)
    #expect(model.metadata["cascade_guarantee"] == cascade.statement)
    #expect(cascade.statement.hasPrefix("With 95 % confidence") && chosen.sentences.contains(cascade.statement))
    #expect(chosen.json(wrote: nil).text().contains(#""cascade": {"#))

    // The path that the model holds is that of the next calibration.
    let path = CascadePath(of: try #require(model.cascade))
    #expect(path == cascade.path)
    let again = try CalibratedThresholds(
      log(), goal: .targetQuality(fraction: 0.9), parameters: parameters, path: path)
    #expect(again.cascade?.choice == cascade.choice)
  }

  @Test func aCascadeThatIsNotChosenIsTakenOut() throws {
    let chosen = try CalibratedThresholds(log(), goal: .targetQuality(fraction: 0.9), parameters: parameters)
    let written = chosen.applied(to: try file())
    let share = try CalibratedThresholds(
      log(), goal: .maximumShare(tier: "frontier", share: 0.5), parameters: parameters)
    #expect(share.cascade == nil)
    let model = try Model(share.applied(to: written).encoded())
    #expect(model.cascade == nil && model.metadata["parts"] == #"["response"]"#)
    #expect(model.metadata["cascade_guarantee"] == nil && model.metadata["cascade"] == nil)
    #expect(share.applied(to: written).encoded() == share.applied(to: try file()).encoded())
  }

  @Test func whatIsNotProvenIsMarkedOrLeftOut() throws {
    let few = try log(rows: 60)
    let offer = try CalibratedThresholds(few, goal: .targetQuality(fraction: 0.99), parameters: parameters)
    let cascade = try #require(offer.cascade)
    #expect(!cascade.choice.isProven && cascade.statement.hasPrefix("Not proven"))
    let model = try Model(offer.applied(to: try file()).encoded())
    #expect(model.cascade != nil && model.metadata["cascade_not_proven"] == cascade.statement)
    #expect(try Model(offer.keepingProvenCascade().applied(to: file()).encoded()).cascade == nil)
  }

  @Test func aModelWithoutResponseHeadsStaysAsItIs() throws {
    let chosen = try CalibratedThresholds(log(), goal: .targetQuality(fraction: 0.9), parameters: parameters)
    var plain = try file()
    plain.tensors.removeAll { $0.name.hasPrefix("response.") }
    for key in ["response", "parts"] { plain.metadata[key] = nil }
    plain.metadata["format"] = Model.formatName
    let model = try Model(chosen.applied(to: plain.sealed()).encoded())
    #expect(model.cascade == nil && model.metadata["parts"] == nil && model.thresholds == chosen.thresholds)
  }
}
