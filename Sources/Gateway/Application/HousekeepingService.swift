import ChatProtocols
import Logging
import ServiceLifecycle
import UnixSignals

/// Gives up calls and connections that are late, fetches keys ahead of their end, and forgets responses that were kept for long enough.
struct HousekeepingService: Service {
  let gateway: SwappableGateway

  func run() async throws {
    let clock = gateway.shared.clock
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await clock.sleep(CallTokenTable.tickSeconds) } catch { return }
        gateway.shared.deadlines.sweep(now: clock.steadyNanoseconds)
        gateway.sweepConnections()
        gateway.shared.responses.expire(at: clock.unixSeconds())
        gateway.runtime.targets.renewKeys()
      }
    }
  }
}

/// Sends spans now and then.
struct SpanService: Service {
  let spans: SpanExporter

  func run() async throws { await cancelWhenGracefulShutdown { await spans.run() } }
}

/// Reads everything anew on SIGHUP.
struct ReloadService: Service {
  let gateway: SwappableGateway
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in await UnixSignalsSequence(trapping: .sighup) {
        do throws(GatewayError) { try await gateway.reload() } catch {
          logger.error("reload failed, the old configuration stays: \(error.message)")
        }
      }
    }
  }
}

/// The server, which says before it stops that it will.
struct DrainedService: Service {
  let server: GatewayServer
  let gateway: SwappableGateway

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await server.run()
    } onGracefulShutdown: {
      gateway.startDraining()
    }
  }
}
