import GatewayCore
import ServiceLifecycle
import TextKit

/// Watches the experiments of the configuration, for `/admin/experiments`. Nothing is decided by it: an arm is made the rule, or ended, by a change
/// of the configuration.
struct ExperimentService: Service {
  let gateway: SwappableGateway

  private static let pauseSeconds = 2.0

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var observers: [ExperimentObserver] = []
      while !Task.isCancelled {
        do { try await gateway.shared.clock.sleep(Self.pauseSeconds) } catch { return }
        await look(&observers)
      }
    }
  }

  private func look(_ observers: inout [ExperimentObserver]) async {
    let (shared, configuration) = (gateway.shared, gateway.runtime.configuration)
    let idle = configuration.sessions.timeToLiveSeconds
    observers = configuration.experiments.map { experiment in
      observers.first { $0.experiment == experiment } ?? ExperimentObserver(experiment, idleSeconds: idle)
    }
    guard !observers.isEmpty else { return shared.experiments.show(.array([])) }
    guard let store = shared.telemetry?.store else {
      return shared.experiments.say("nothing is watched: telemetry.path is not set")
    }
    for index in observers.indices {
      do throws(TelemetryStoreError) {
        while try await observers[index].look(at: store, now: shared.clock.unixSeconds()), !Task.isCancelled {}
      } catch { return shared.experiments.say("nothing is watched: the log cannot be read") }
    }
    shared.experiments.show(.array(observers.map(\.json)))
  }
}
