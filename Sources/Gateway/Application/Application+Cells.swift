import Foundation
import GatewayCore
import TextKit

extension Application {
  /// Makes the hourly sums of a configuration's database anew from its rows.
  ///
  /// A gateway may write to the same file meanwhile. Hours whose rows retention deleted keep their sums.
  ///
  /// - Returns: what was done, in a sentence.
  /// - Throws: ``StartFailure`` where the configuration or the database cannot be used.
  package static func rebuildCells(_ options: GatewayOptions) throws(StartFailure) -> String {
    guard let path = try StartupInputs.configuration(options).0.telemetry.path else {
      throw StartFailure(
        exitStatus: 65, "telemetry.path: expected a database, found none; without one nothing is kept of requests")
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw StartFailure(exitStatus: 66, "\(path): expected the gateway's database, found none; check telemetry.path")
    }
    do {
      let file = try SQLiteFile(path: path, lockSeconds: 30)
      file.open()
      defer { file.close() }
      let result = try CellRebuild(file: file).run()
      return
        "\(path): \(NumberFormat.count(result.requests)) requests of \(NumberFormat.count(result.hours)) hours summed anew"
        + (result.keptHours == 0
          ? ""
          : "; \(NumberFormat.count(result.keptHours)) hours keep their sums, for their requests are no longer there")
    } catch { throw StartFailure(exitStatus: 74, "\(error)") }
  }
}
