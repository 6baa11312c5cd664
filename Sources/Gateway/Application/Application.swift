import ChatProtocols
import Foundation
import GatewayCore
import Logging
import ModelFiles
import NIOPosix
import Ockham
import ServiceLifecycle
import TextKit

/// Puts the gateway together and runs it until it is told to end.
package enum Application {
  /// Reads and checks everything that would be needed to start, and says so.
  /// - Throws: ``StartFailure`` with every problem.
  package static func check(_ options: GatewayOptions) throws -> String {
    let inputs = try StartupInputs(options)
    try inputs.check()
    try checkExposure(of: inputs.configuration, options)
    let warnings = inputs.warnings.map { $0 + "\n" }.joined()
    let targets = inputs.configuration.tiers.reduce(inputs.configuration.extraTargets.count) { $0 + $1.targets.count }
    return warnings + "\(options.configurationPath ?? "demo"): "
      + "\(inputs.configuration.tiers.count) tiers, \(targets) targets, \(inputs.configuration.rules.count) rules, "
      + "model \(inputs.model?.identifier.hexadecimal ?? "none"): can start"
  }

  /// Runs until SIGTERM or SIGINT, and drains.
  package static func run(_ options: GatewayOptions, onListening: (@Sendable (Int) -> Void)? = nil) async throws {
    var logger = Logger(label: "ockham-gateway") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = options.logLevel
    let demo = options.configurationPath == nil ? try demoFolder() : nil
    defer { demo?.remove() }
    var options = options
    options.telemetryPath = demo?.database
    let inputs = try StartupInputs(options)
    try checkExposure(of: inputs.configuration, options)
    for warning in inputs.warnings { logger.warning("\(warning)") }
    let gateway = try assemble(inputs, options, logger)
    logger.info("decides by", metadata: gateway.runtime.identityFacts)
    for target in gateway.runtime.router.unpricedTargets {
      logger.warning("\(target): no price is known; its costs stay unknown, and no budget counts them")
    }
    let server = server(of: gateway, inputs.configuration, logger, onListening)
    let all = services(of: gateway, options, demo, logger) + [DrainedService(server: server, gateway: gateway)]
    try await serve(all, of: gateway, inputs.configuration, logger)
  }

  private static func server(
    of gateway: SwappableGateway, _ configuration: GatewayConfiguration, _ logger: Logger,
    _ onListening: (@Sendable (Int) -> Void)?
  ) -> GatewayServer {
    GatewayServer(
      address: configuration.listen,
      handler: RequestPath(
        gateway: gateway, endpoints: EndpointTable(EndpointRoute.all), maximumBodyBytes: configuration.limits.bodyBytes),
      connections: gateway.shared.connections, group: gateway.shared.group, logger: logger
    ) { port in
      logger.info("listening", metadata: ["address": "\(configuration.listen.host):\(port)"])
      onListening?(port)
    }
  }

  /// What runs beside the server.
  private static func services(
    of gateway: SwappableGateway, _ options: GatewayOptions, _ demo: DemoFolder?, _ logger: Logger
  ) -> [any Service] {
    var services: [any Service] = [
      HousekeepingService(gateway: gateway), ReloadService(gateway: gateway, logger: logger),
      RegistryService(gateway: gateway, logger: logger), CanaryService(gateway: gateway, logger: logger),
      ExperimentService(gateway: gateway),
      DriftService(gateway: gateway), CanaryPromptService(gateway: gateway),
    ]
    if let admin = gateway.runtime.configuration.admin {
      services.append(
        PageService(gateway, at: admin.listen, isOptional: options.configurationPath == nil, logger: logger))
    }
    if let spans = gateway.shared.spans { services.append(SpanService(spans: spans)) }
    if let demo, let recorder = gateway.shared.telemetry {
      let terms = DemoTerms(of: gateway.runtime, end: options.clock.unixSeconds())
      services.append(DemoService(recorder: recorder, terms: terms, logger: logger))
      logger.info(
        "this is a demo: its log is made up, and deleted at the end", metadata: ["log": "\(demo.database)"])
    }
    return services
  }

  /// Runs the services until they end or one fails, the last first, and closes what they wrote to.
  private static func serve(
    _ services: [any Service], of gateway: SwappableGateway, _ configuration: GatewayConfiguration, _ logger: Logger
  ) async throws {
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(configuration.limits.drainSeconds)
    let failure: (any Error)?
    do {
      try await ServiceGroup(configuration: group).run()
      failure = nil
    } catch { failure = error }
    await close(gateway)
    if let failure = failure as? StartFailure { throw failure }
    if let failure {
      throw StartFailure(exitStatus: 74, configuration.listen.problem(failure))
    }
  }

  private static func close(_ gateway: SwappableGateway) async {
    gateway.runtime.shadow?.stop()
    await gateway.shared.spans?.export()
    await gateway.shared.ledger.close()
    await gateway.shared.hints.close()
    await gateway.shared.closeAlerts()
    gateway.shared.watch?.close()
    gateway.shared.audit?.close()
    await gateway.shared.telemetry?.close()
  }

  private static func demoFolder() throws(StartFailure) -> DemoFolder {
    do { return try DemoFolder() } catch {
      throw StartFailure(
        exitStatus: 74,
        "\(NSTemporaryDirectory()): expected to make a folder for the demo's log, found \(error); set TMPDIR to another"
      )
    }
  }

  /// A gateway without keys serves this machine alone, unless that is said.
  private static func checkExposure(
    of configuration: GatewayConfiguration, _ options: GatewayOptions
  ) throws(StartFailure) {
    try checkExposureOfPage(configuration, options)
    guard configuration.keys.isEmpty, !configuration.listen.isLoopback, !options.isInsecure else { return }
    throw StartFailure(
      exitStatus: 65,
      """
      listen: expected a loopback address for a gateway without keys, found \
      \(SafeText.label(configuration.listen.host)); everybody who reaches it could spend your money. Configure keys, listen on \
      127.0.0.1, or say --insecure where only those reach it who may
      """)
  }

  /// The operator's page is for this machine unless its keys are there: one that is configured and not set lets no one in, which is
  /// better said at the start.
  private static func checkExposureOfPage(
    _ configuration: GatewayConfiguration, _ options: GatewayOptions
  ) throws(StartFailure) {
    guard let admin = configuration.admin, !admin.listen.isLoopback else { return }
    let access = PageAccess(admin, administratorsVariable: configuration.adminKeyVariable) { options.environment[$0] }
    guard access.holders.isEmpty else { return }
    throw StartFailure(
      exitStatus: 65,
      """
      admin.listen: expected a loopback address for an operator's page without keys, found \
      \(SafeText.label(admin.listen.host)); set the variables that admin.roles names, or listen on 127.0.0.1
      """)
  }

  private static func assemble(
    _ inputs: StartupInputs, _ options: GatewayOptions, _ logger: Logger
  ) throws -> SwappableGateway {
    let group = MultiThreadedEventLoopGroup.singleton
    let stores = try stores(inputs, logger, options.clock)
    let shared = SharedResources(
      clock: options.clock, group: group, metrics: GatewayMetrics(),
      telemetry: stores.telemetry, ledger: stores.ledger, hints: stores.hints,
      alerts: inputs.configuration.isDemo
        ? DemoAlerts(end: options.clock.unixSeconds(), cheapestTier: inputs.configuration.tiers.first?.name ?? "")
        : stores.alerts,
      watch: stores.watch, audit: stores.audit,
      spans: spans(inputs.configuration),
      limits: inputs.configuration.limits, connections: connectionLimits(inputs.configuration, logger), logger: logger)
    let environment: @Sendable (String) -> String? = { options.environment[$0] }
    let runtime = try inputs.runtime(environment: environment, shared: shared, earlier: nil)
    return SwappableGateway(runtime: runtime, shared: shared, environment: environment) {
      earlier throws(GatewayError) in
      do throws(StartFailure) {
        return try StartupInputs(options).runtime(environment: environment, shared: shared, earlier: earlier)
      } catch {
        throw GatewayError(.reloadFailed, message: "\(error)")
      }
    }
  }

  /// The limits that hold for this process.
  private static func connectionLimits(_ configuration: GatewayConfiguration, _ logger: Logger) -> ConnectionLimits {
    let files = OpenFiles.raise()
    let limits = configuration.connections.within(files: files)
    if limits.connections < configuration.connections.connections {
      logger.warning(
        """
        \(files) open files allow \(limits.connections) connections of clients, fewer than connections.max \
        (\(configuration.connections.connections)); raise the limit of open files (ulimit -n)
        """)
    }
    return limits
  }

  private static func stores(
    _ inputs: StartupInputs, _ logger: Logger, _ clock: GatewayClock
  ) throws(StartFailure) -> GatewayStores {
    let configuration = inputs.configuration.telemetry
    let settings = TelemetrySettings(
      configuration, featureOptions: inputs.model?.extractor.options ?? FeatureOptions())
    do {
      return try GatewayStores.open(
        configuration, settings: settings, logger: logger, now: clock.unixSeconds)
    } catch { throw StartFailure(exitStatus: 74, "\(error)") }
  }

  /// Spans go over a client of their own: a slow collector must not take a provider's connections.
  private static func spans(_ configuration: GatewayConfiguration) -> SpanExporter? {
    guard let endpoint = configuration.telemetry.otlpEndpoint else { return nil }
    let encoder = SpanEncoder(configuration)
    let collector = ProviderConfiguration(name: "otlp", kind: .openai, baseURL: endpoint)
    let transport = HTTPTransport(collector, group: MultiThreadedEventLoopGroup.singleton)
    return SpanExporter(encoder) { body in
      let request = UpstreamRequest(path: "/v1/traces", headers: [("content-type", "application/json")], body: body)
      let response = try await transport.send(request)
      _ = try await response.collect(upTo: 1 << 20) {}
      guard (200..<300).contains(response.status) else {
        throw UpstreamFailure(.serverError, status: response.status, reason: "the collector refused the spans")
      }
    }
  }
}
