import Foundation

/// Where the model lies that comes with Ockham.
enum DefaultModel {
  /// Names another model to use where none is given.
  static let variable = "OCKHAM_MODEL"

  /// The folder of the model: `$OCKHAM_MODEL`, or `models/default` or `share/ockham/default` in a folder above the program,
  /// wherever it is called from.
  static func path(
    program: URL? = Bundle.main.executableURL, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    if let named = environment[variable], !named.isEmpty { return named }
    var folder = program?.resolvingSymlinksInPath().deletingLastPathComponent() ?? URL(filePath: "/")
    while true {
      for place in ["models/default", "share/ockham/default"] {
        let candidate = folder.appending(path: place)
        let file = candidate.appending(path: ModelFolder.fileName)
        if FileManager.default.fileExists(atPath: file.path) { return candidate.path }
      }
      guard folder.path != "/" else { break }
      folder = folder.deletingLastPathComponent()
    }
    throw Failure.missingInput(
      "expected models/default or share/ockham/default in a folder above the program, found neither; "
        + "give --model, or set \(variable) to a model's folder")
  }
}
