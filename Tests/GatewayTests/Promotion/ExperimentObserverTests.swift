import Evaluation
import Foundation
import Testing

@testable import Gateway
@testable import GatewayCore

/// An experiment that is watched through the log.
@Suite(.timeLimit(.minutes(20))) struct ExperimentObserverTests {
  private static let experiment = ExperimentConfiguration(
    name: "e", salt: "e", arms: [.init(name: "control", share: 0.5), .init(name: "expensive", share: 0.5)])

  @Test(arguments: StoreKind.allCases) func armsAreReadBack(kind: StoreKind) async throws {
    let folder = try TelemetryFolder()
    let store = try kind.open(in: folder)
    var maker = TelemetryRecordMaker()
    var batch = TelemetryBatch()
    for index in 0..<400 {
      let arm = index % 2 == 0 ? "control" : "expensive"
      var trace = Traces.answered("r\(index)", time: Traces.time + Double(index))
      trace.decision.conversation = UInt64(index)
      trace.decision.experiments = [
        ExperimentPlace(experiment: "e", design: Self.experiment.design, arm: arm),
        ExperimentPlace(experiment: "other", design: "other", arm: "x"),
      ]
      trace.costUSD = (index % 2 == 0 ? 1 : 2) * (1 + 0.1 * Double(index % 7))
      batch.entries.append(.request(maker.record(of: trace, TelemetrySettings(prompts: .none))))
      // Audits count, what two policies disagree on does not.
      let origin: ShadowLabel.Origin = index % 10 < 2 ? .audit : .shadow
      batch.entries.append(
        .label(
          ShadowLabel(
            requestID: trace.id, outcomes: [.init(name: "mid", quality: 1, origin: origin, inclusion: 0.5)],
            servedQuality: origin == .audit ? 0.5 : 0, servedInclusion: 0.5, labelRate: 0.5, auditRate: 0.2)))
    }
    try store.write(batch)
    var observer = ExperimentObserver(Self.experiment, idleSeconds: 60)
    #expect(try await observer.look(at: store, now: Traces.time + 1_000) == false)
    #expect(observer.watch.conversations(of: 0) == 200 && observer.watch.conversations(of: 1) == 200)
    #expect(observer.watch.mean(.quality, of: 0) == 0.5 && observer.watch.mean(.quality, of: 1) == 0.5)
    let dollars = try #require(observer.watch.difference(.costUSD, of: 1))
    #expect(dollars.low > 0.9 && dollars.high < 1.9)
    let before = observer.json
    #expect(try await observer.look(at: store, now: Traces.time + 2_000) == false)
    #expect(observer.json == before, "each conversation counts once")
    store.close()
  }
}
