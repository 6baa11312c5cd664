import Foundation
import Ockham

@testable import Gateway
@testable import GatewayCore

/// Days of requests that the shipped model decided, on some of which all clients write otherwise.
enum WatchedTraffic {
  /// A Monday.
  static let firstDay = 20_150

  /// Ten minutes into a day, in seconds since 1970.
  static func time(day: Int) -> Double { Double(firstDay + day) * 86_400 + 600 }

  /// The shipped model.
  static func model() throws -> Model {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    return try Model([UInt8](try Data(contentsOf: root.appending(path: "models/default/model.safetensors"))))
  }

  /// Writes days of 60 requests, on some of which all clients speak Chinese.
  static func write(_ days: Range<Int>, foreign: Range<Int>, _ model: Model, to folder: TelemetryFolder) async throws {
    let store = try folder.store(
      TelemetrySettings(prompts: .features, featureOptions: model.extractor.options), now: 0)
    for day in days {
      for index in 0..<60 {
        let number = day * 60 + index
        let text =
          foreign.contains(day)
          ? "请用三句话总结这封邮件，编号\(number)"
          : "Summarise mail \(100 + number * 37 % 800) in \(2 + number * 7 % 11 % 5) sentences."
        var trace = Traces.answered(
          "r\(number)", prompt: text, tier: 0,
          time: Double(firstDay + day) * 86_400 + Double(index) * 1_400 + 60)
        trace.decision.modelIdentifier = model.identifier
        trace.tier = model.tierNames[0]
        trace.tierNames = model.tierNames
        trace.decision.probabilities = model.tierNames.map { _ in 0.5 }
        store.record(trace)
      }
    }
    await store.close()
  }
}
