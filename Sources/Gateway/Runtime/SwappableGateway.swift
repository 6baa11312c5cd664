package import ChatProtocols
import NIOCore
import Synchronization

/// The gateway that serves: a runtime that can be swapped while requests are in progress. Those keep the one they began
/// with.
package final class SwappableGateway: Sendable {
  package let shared: SharedResources
  private let current: Mutex<ConfiguredGateway>
  private let draining = Atomic<Bool>(false)
  private let load: @Sendable (_ earlier: ConfiguredGateway) throws(GatewayError) -> ConfiguredGateway
  let environment: @Sendable (String) -> String?

  /// - Parameter load: reads configuration, prices and model anew, and checks them; on any error the runtime stays.
  package init(
    runtime: ConfiguredGateway, shared: SharedResources, environment: @escaping @Sendable (String) -> String?,
    load: @escaping @Sendable (_ earlier: ConfiguredGateway) throws(GatewayError) -> ConfiguredGateway
  ) {
    current = Mutex(runtime)
    self.shared = shared
    self.environment = environment
    self.load = load
    shared.responses.use(runtime.configuration.storedResponses)
    shared.useWebhook(of: runtime.configuration, environment: environment)
  }

  /// The runtime of this moment: take it once per request.
  package var runtime: ConfiguredGateway { current.withLock { $0 } }

  /// What `/ready` says: `false` from the signal to end on.
  package var isReady: Bool { !draining.load(ordering: .relaxed) }

  /// From now on `/ready` says no, and only what is worked on is finished: who waits, and who still comes, is told to go
  /// elsewhere.
  package func startDraining() {
    draining.store(true, ordering: .relaxed)
    shared.admission.close()
  }

  /// Reads everything anew and swaps it in, as a whole or not at all.
  /// - Throws: ``GatewayError/Code/reloadFailed`` that says what is wrong.
  package func reload() async throws(GatewayError) {
    let next: ConfiguredGateway
    do throws(GatewayError) { next = try load(runtime) } catch {
      shared.metrics.reloads["failed"].add()
      throw error
    }
    shared.metrics.reloads["done"].add()
    current.withLock { $0 = next }
    shared.responses.use(next.configuration.storedResponses)
    shared.useWebhook(of: next.configuration, environment: environment)
    if let telemetry = shared.telemetry { next.apply(to: telemetry) }
    shared.spans?.use(SpanEncoder(next.configuration))
    var facts = next.identityFacts
    facts["targets"] = "\(next.targets.all.count)"
    shared.logger.info("configuration reloaded", metadata: facts)
  }

  /// Closes connections that are late; where others wait, also those whose clients do not take what they asked for.
  func sweepConnections() {
    let now = NIODeadline.now().uptimeNanoseconds
    _ = shared.pageConnections.sweep(at: now)
    for fault in shared.connections.sweep(at: now) { shared.metrics.connectionsClosed[fault.rawValue].add() }
    let waiting = runtime.targets.providers.reduce(shared.admission.counts.waiting) { $0 + $1.queue.counts.waiting }
    guard waiting > 0 else { return }
    let shed = shared.connections.shedUnread(waiting, at: now)
    if shed > 0 { shared.metrics.connectionsClosed[Connection.Fault.unread.rawValue].add(Double(shed)) }
  }

  /// Where keys that have a budget stand with it.
  private func noteBudgets() async {
    for key in runtime.configuration.keys where key.dailyBudgetUSD != nil || key.monthlyBudgetUSD != nil {
      let spend = await shared.ledger.standing(of: key, at: shared.clock.unixSeconds()).spend
      for (period, spent, budget) in [
        ("day", spend.dayUSD, key.dailyBudgetUSD), ("month", spend.monthUSD, key.monthlyBudgetUSD),
      ] {
        guard let budget else { continue }
        shared.metrics.keySpent[key.name, period].set(spent)
        shared.metrics.keyBudget[key.name, period].set(budget)
      }
    }
  }

  /// The text of `/metrics`.
  func metricsText() async -> String {
    let now = shared.clock.steadySeconds()
    await noteBudgets()
    for target in runtime.targets.all {
      shared.metrics.breaker[target.name].set(Double(target.breaker.state(at: now).rawValue))
    }
    let counts = shared.admission.counts
    shared.metrics.requestsInFlight[].set(Double(counts.running))
    shared.metrics.requestsQueued[].set(Double(counts.waiting))
    shared.metrics.connections[].set(Double(shared.connections.count))
    shared.metrics.requestBytes[].set(Double(shared.bodies.taken))
    for provider in runtime.targets.providers {
      let calls = provider.queue.counts
      shared.metrics.calls[provider.configuration.name].set(Double(calls.taken))
      shared.metrics.callsQueued[provider.configuration.name].set(Double(calls.waiting))
    }
    if let shadow = runtime.shadow {
      shared.metrics.shadowRate[].set(shadow.pace.rate)
      shared.metrics.shadowRuns["waiting"].set(Double(shadow.counts.waiting))
      shared.metrics.shadowRuns["running"].set(Double(shadow.counts.running))
    }
    return shared.metrics.exposition(telemetry: shared.telemetry?.counters, spans: shared.spans?.counters)
  }
}
