import Foundation
package import GatewayCore
import ModelFiles

extension Application {
  /// Makes a configuration from LiteLLM's, and writes it where that is asked for.
  /// - Throws: ``StartFailure``.
  package static func fromLiteLLM(
    _ path: String, to output: String?, environment: [String: String]
  ) throws(StartFailure) -> LiteLLMConversion {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartFailure(
        exitStatus: 66, "\(path): expected LiteLLM's configuration, found none that can be read; check the path")
    }
    let conversion: LiteLLMConversion
    do {
      conversion = try LiteLLMConversion(
        text: String(decoding: data, as: UTF8.self), path: path, environment: { environment[$0] })
    } catch { throw StartFailure(exitStatus: 65, "\(error)") }
    guard let output else { return conversion }
    guard !FileManager.default.fileExists(atPath: output) else {
      throw StartFailure(
        exitStatus: 74, "\(output): expected no file, found one; remove it, or name another under --output")
    }
    do { try AtomicFile.write(Array(conversion.yaml.utf8), to: URL(filePath: output)) } catch {
      throw StartFailure(exitStatus: 74, "\(error)")
    }
    return conversion
  }
}
