import Foundation
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// Experiments as `/admin/experiments` shows them.
@Suite(.timeLimit(.minutes(20))) struct ExperimentServiceTests {
  private static func experiment(_ name: String, salt: String = "s") -> ExperimentConfiguration {
    ExperimentConfiguration(
      name: name, salt: salt, arms: [.init(name: "control", share: 0.5), .init(name: "other", share: 0.5)])
  }

  private static func source(_ experiments: ExperimentConfiguration...) -> SteppedGateway.Source {
    var source = SteppedGateway.Source()
    source.configuration.experiments = experiments
    source.configuration.sessions.timeToLiveSeconds = 60
    return source
  }

  /// Conversations of one request in an experiment, in both arms in turn.
  private static func write(
    _ conversations: Range<Int>, of experiment: ExperimentConfiguration, to store: any TelemetryStore
  ) throws {
    var maker = TelemetryRecordMaker()
    var batch = TelemetryBatch()
    for index in conversations {
      var trace = Traces.answered("\(experiment.name)\(index)", time: Traces.time - 1_000 + Double(index))
      trace.decision.conversation = UInt64(index)
      trace.decision.experiments = [
        ExperimentPlace(
          experiment: experiment.name, design: experiment.design, arm: index % 2 == 0 ? "control" : "other")
      ]
      batch.entries.append(.request(maker.record(of: trace, TelemetrySettings(prompts: .none))))
    }
    try store.write(batch)
  }

  /// Conversations of each arm, by the names of the experiments that are shown.
  private static func shown(_ gateway: SteppedGateway) -> [String: [Int]] {
    let elements = gateway.shared.experiments.json.elements ?? []
    return Dictionary(
      uniqueKeysWithValues: elements.map { node in
        (
          node["name"]?.string ?? "",
          (node["arms"]?.elements ?? []).map { Int($0["conversations"]?.number ?? -1) }
        )
      })
  }

  private func run(_ gateway: SteppedGateway, _ body: () async throws -> Void) async throws {
    try await gateway.run(ExperimentService(gateway: gateway.live), body)
  }

  @Test func withoutExperimentsThereIsAnEmptyList() async throws {
    let gateway = try SteppedGateway(Self.source())
    try await run(gateway) {
      #expect(gateway.shared.experiments.json.isNull)
      await gateway.clock.step()
      #expect(gateway.shared.experiments.json == .array([]))
    }
  }

  @Test func withoutALogItSaysWhyNothingIsKnown() async throws {
    let gateway = try SteppedGateway(Self.source(Self.experiment("e")))
    try await run(gateway) {
      await gateway.clock.step()
      #expect(
        gateway.shared.experiments.json["refused"]?.string == "nothing is watched: telemetry.path is not set")
    }
  }

  /// An experiment that stays as it is goes on counting; with another salt it is another one, and one that is gone is shown no more.
  @Test func aReloadBeginsAnewOnlyWhatChanged() async throws {
    let store = MemoryTelemetry()
    let (kept, changed, gone) = (Self.experiment("kept"), Self.experiment("changed"), Self.experiment("gone"))
    let gateway = try SteppedGateway(Self.source(kept, changed, gone), store: store)
    for experiment in [kept, changed, gone] { try Self.write(0..<20, of: experiment, to: store) }
    try await run(gateway) {
      await gateway.clock.step()
      #expect(Self.shown(gateway) == ["kept": [10, 10], "changed": [10, 10], "gone": [10, 10]])
      let other = Self.experiment("changed", salt: "another")
      gateway.change { $0.configuration.experiments = [other, kept] }
      try await gateway.live.reload()
      try Self.write(20..<24, of: kept, to: store)
      try Self.write(100..<102, of: other, to: store)
      await gateway.clock.step()
      #expect(Self.shown(gateway) == ["kept": [12, 12], "changed": [1, 1]])
      gateway.change { $0.configuration.experiments = [] }
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.shared.experiments.json == .array([]))
    }
  }

  @Test func aLogThatCannotBeReadIsSaid() async throws {
    let folder = try TelemetryFolder()
    let store = try StoreKind.sqlite.open(in: folder)
    let experiment = Self.experiment("e")
    let gateway = try SteppedGateway(Self.source(experiment), store: store)
    try Self.write(0..<4, of: experiment, to: store)
    try await run(gateway) {
      await gateway.clock.step()
      #expect(Self.shown(gateway) == ["e": [2, 2]])
      store.close()
      await gateway.clock.step()
      #expect(gateway.shared.experiments.json["refused"]?.string == "nothing is watched: the log cannot be read")
    }
  }
}
