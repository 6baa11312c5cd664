package import Foundation
package import GatewayCore
package import Logging

/// What the command line says.
package struct GatewayOptions: Sendable {
  /// `nil` for the demo.
  package var configurationPath: String?
  /// Where to listen, instead of where the configuration says.
  package var listen: ListenAddress?
  /// The model's folder or file, instead of the configuration's.
  package var modelPath: String?
  package var logLevel: Logger.Level
  /// Whether a gateway without keys may listen beyond loopback.
  package var isInsecure: Bool
  /// The process's environment at its start: where keys are.
  package var environment: [String: String]
  /// Where the program lies: the default model is looked for in the folders above it.
  package var program: URL?
  /// The clock of accounts, conversations, labels and the log.
  package var clock = GatewayClock.system
  /// The log's database, instead of the configuration's: the demo's, which has none.
  var telemetryPath: String?

  package init(
    configurationPath: String?, listen: ListenAddress? = nil, modelPath: String? = nil, logLevel: Logger.Level = .info,
    isInsecure: Bool = false, environment: [String: String], program: URL? = nil
  ) {
    self.configurationPath = configurationPath
    self.listen = listen
    self.modelPath = modelPath
    self.logLevel = logLevel
    self.isInsecure = isInsecure
    self.environment = environment
    self.program = program
  }
}

/// Why the gateway does not start.
package struct StartFailure: Error, CustomStringConvertible {
  /// As in sysexits: 65 bad data, 66 missing input, 74 input or output.
  package var exitStatus: Int32
  /// Every problem, one a line: what was expected, what was found, what to do.
  package var description: String

  package init(exitStatus: Int32, _ description: String) {
    self.exitStatus = exitStatus
    self.description = description
  }
}
