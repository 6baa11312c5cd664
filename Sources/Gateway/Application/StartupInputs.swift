import Foundation
import GatewayCore
import ModelFiles
import Ockham
import TextKit

/// What was read from disk to start or to reload: configuration, prices, model; checked, and with nothing running yet.
struct StartupInputs {
  let configuration: GatewayConfiguration
  let warnings: [String]
  let model: Model?
  /// The model under canary, where a registry has one.
  let candidate: CandidateModel?
  let catalogue: PriceCatalogue

  /// - Throws: ``StartFailure`` that lists every problem.
  init(_ options: GatewayOptions) throws(StartFailure) {
    var (configuration, warnings) = try Self.configuration(options)
    if let listen = options.listen { configuration.listen = listen }
    if options.configurationPath == nil { configuration.admin = Self.demoPage(beside: configuration.listen) }
    let path = options.modelPath ?? configuration.modelPath
    if let registry = configuration.registryPath, options.modelPath == nil {
      (model, candidate) = try ServedVersions(registry).models
    } else {
      (model, candidate) = (configuration.hasModel || path != nil ? try Self.model(path, options) : nil, nil)
    }
    if options.configurationPath == nil, let model { configuration = Self.demo(like: model, configuration) }
    if let path = options.telemetryPath { configuration.telemetry.path = path }
    let prices = try Self.catalogue(configuration.pricesPath)
    catalogue =
      configuration.isDemo ? prices.overridden(by: .demo(tierNames: configuration.tiers.map(\.name))) : prices
    self.configuration = configuration
    self.warnings = warnings + SQLiteFile.warnings(of: configuration.telemetry)
  }

  func runtime(
    environment: (String) -> String?, shared: SharedResources, earlier: ConfiguredGateway?
  ) throws(StartFailure) -> ConfiguredGateway {
    do {
      return try ConfiguredGateway(
        configuration: configuration, model: model, candidate: candidate, catalogue: catalogue,
        environment: environment, shared: shared, earlier: earlier)
    } catch { throw StartFailure(exitStatus: 65, "\(error)") }
  }

  /// Makes sure that the parts fit together.
  func check() throws(StartFailure) {
    do {
      for model in [model, candidate?.model] {
        _ = try RequestRouter(configuration: configuration, model: model, prices: catalogue)
      }
    } catch { throw StartFailure(exitStatus: 65, "\(error)") }
  }

  /// The configuration alone, with its warnings.
  static func configuration(
    _ options: GatewayOptions
  ) throws(StartFailure) -> (GatewayConfiguration, [String]) {
    guard let path = options.configurationPath else {
      var demo = GatewayConfiguration.demo()
      demo.isDemo = true
      return (demo, [])
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartFailure(
        exitStatus: 66, "\(path): expected a configuration file, found none that can be read; check the path")
    }
    let (configuration, problems) = ConfigurationFile.read(
      text: String(decoding: data, as: UTF8.self), path: path, environment: { options.environment[$0] })
    guard let configuration else {
      throw StartFailure(exitStatus: 65, problems.map(\.description).joined(separator: "\n"))
    }
    return (configuration, problems.map(\.description))
  }

  /// A demo's page is on this machine, at its usual port, or at a free one beside a gateway that takes a free one.
  private static func demoPage(beside listen: ListenAddress) -> AdminConfiguration {
    var admin = AdminConfiguration()
    if listen.port == 0 { admin.listen.port = 0 }
    return admin
  }

  private static func demo(like model: Model, _ configuration: GatewayConfiguration) -> GatewayConfiguration {
    var demo = GatewayConfiguration.demo(tierNames: TierSelection(calibratedOf: model).names)
    (demo.listen, demo.admin, demo.isDemo) = (configuration.listen, configuration.admin, configuration.isDemo)
    return demo
  }

  /// The model at a path, or the one that comes with Ockham; without either, rules decide alone.
  private static func model(_ path: String?, _ options: GatewayOptions) throws(StartFailure) -> Model? {
    let file: URL
    let bytes: [UInt8]
    do throws(ModelLocationError) {
      let named =
        if let path { path } else {
          try ModelLocation.standard(program: options.program, environment: options.environment)
        }
      file = try ModelLocation.file(at: named)
      bytes = try ModelLocation.read(file)
    } catch {
      if error == .noStandardModel { return nil }
      throw StartFailure(exitStatus: 66, "\(error)")
    }
    do { return try Model(bytes) } catch { throw StartFailure(exitStatus: 65, "\(file.path): \(error)") }
  }

  private static func catalogue(_ path: String?) throws(StartFailure) -> PriceCatalogue {
    guard let path else { return .shipped }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartFailure(
        exitStatus: 66, "\(path): expected a price catalogue, found none that can be read; check prices")
    }
    do { return PriceCatalogue.shipped.overridden(by: try PriceCatalogue(json: [UInt8](data))) } catch {
      throw StartFailure(exitStatus: 65, "\(path): \(error)")
    }
  }
}
