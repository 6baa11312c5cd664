package import ChatProtocols
import GatewayCore
import Synchronization

/// The gateway that serves: a runtime that can be swapped while requests are under way. Those keep the one they began
/// with.
package final class LiveGateway: Sendable {
  package let shared: GatewayServices
  private let current: Mutex<GatewayRuntime>
  private let draining = Atomic<Bool>(false)
  private let load: @Sendable (_ earlier: GatewayRuntime) throws(GatewayError) -> GatewayRuntime
  private let environment: @Sendable (String) -> String?

  /// - Parameter load: reads configuration, prices and model anew, and checks them; on any error the runtime stays.
  package init(
    runtime: GatewayRuntime, shared: GatewayServices, environment: @escaping @Sendable (String) -> String?,
    load: @escaping @Sendable (_ earlier: GatewayRuntime) throws(GatewayError) -> GatewayRuntime
  ) {
    current = Mutex(runtime)
    self.shared = shared
    self.environment = environment
    self.load = load
  }

  /// The runtime of this moment: take it once per request.
  package var runtime: GatewayRuntime { current.withLock { $0 } }

  /// What `/ready` says: `false` from the signal to end on.
  package var isReady: Bool { !draining.load(ordering: .relaxed) }

  /// Takes no new requests from load balancers that ask `/ready`.
  package func startDraining() { draining.store(true, ordering: .relaxed) }

  /// Reads everything anew and swaps it in, as a whole or not at all.
  /// - Throws: ``GatewayError/Code/reloadFailed`` that says what is wrong.
  package func reload() async throws(GatewayError) {
    let next: GatewayRuntime
    do throws(GatewayError) { next = try load(runtime) } catch {
      shared.metrics.reloads["failed"].add()
      throw error
    }
    shared.metrics.reloads["done"].add()
    current.withLock { $0 = next }
    if let telemetry = shared.telemetry { next.apply(to: telemetry) }
    shared.spans?.use(SpanEncoder(next.configuration))
    shared.logger.info("configuration reloaded", metadata: ["targets": "\(next.targets.count)"])
  }

  /// The text of `/metrics`.
  func metricsText() -> String {
    let now = shared.clock.steadySeconds()
    for target in runtime.targets {
      shared.metrics.breaker[target.name].set(Double(target.breaker.state(at: now).rawValue))
    }
    let counts = shared.admission.counts
    shared.metrics.requestsInFlight[].set(Double(counts.running))
    shared.metrics.requestsQueued[].set(Double(counts.waiting))
    return shared.metrics.exposition(telemetry: shared.telemetry?.counters, spans: shared.spans?.counters)
  }

  /// Lets the holder of the administrator's key pass, and where none is configured, this machine.
  func checkAdministrator(_ incoming: IncomingRequest) throws(GatewayError) {
    guard let variable = runtime.configuration.adminKeyVariable else {
      guard incoming.isLoopback else {
        throw GatewayError(
          .invalidKey, status: 401,
          message: "Expected a request from this machine, found one from elsewhere. Set admin_key_env to allow others.")
      }
      return
    }
    guard let secret = environment(variable), !secret.isEmpty else {
      throw GatewayError(
        .notConfigured, status: 409,
        message: "Expected the variable that admin_key_env names to hold a key, found none. Set it and start again.")
    }
    let sent = incoming.header("authorization")?.prefixRemoved("Bearer ") ?? incoming.header("x-api-key") ?? ""
    guard KeyRing.areEqual(Array(sent.utf8), Array(secret.utf8)) else {
      throw GatewayError(.invalidKey, status: 401, message: "Expected the administrator's key, found another or none.")
    }
  }
}
