package import Foundation

/// Where models lie on disk: what the command line and the gateway agree on.
package enum ModelLocation {
  /// The name of the model's file in its folder.
  package static let fileName = "model.safetensors"

  /// Names another model to use where none is given.
  package static let variable = "OCKHAM_MODEL"

  /// The folder of the model that comes with Ockham: `$OCKHAM_MODEL`, or `models/default` or `share/ockham/default` in a
  /// folder above the program, wherever it is called from.
  package static func standard(
    program: URL? = Bundle.main.executableURL, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ModelLocationError) -> String {
    if let named = environment[variable], !named.isEmpty { return named }
    var folder = program?.resolvingSymlinksInPath().deletingLastPathComponent() ?? URL(filePath: "/")
    while true {
      for place in ["models/default", "share/ockham/default"] {
        let candidate = folder.appending(path: place)
        if FileManager.default.fileExists(atPath: candidate.appending(path: fileName).path) { return candidate.path }
      }
      guard folder.path != "/" else { throw .noStandardModel }
      folder = folder.deletingLastPathComponent()
    }
  }

  /// The model file that a path means: itself, or the one in a folder.
  package static func file(at path: String) throws(ModelLocationError) -> URL {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .noSuchModel(path: path)
    }
    guard isFolder.boolValue else { return url }
    let file = url.appending(path: fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { throw .emptyFolder(path: path) }
    return file
  }

  /// The largest model file that is read, in bytes: fifty times what a usual one has.
  package static let maximumBytes = 1 << 30

  /// The bytes of a model file.
  ///
  /// - Throws: ``ModelLocationError`` for what cannot be read, and for more than ``maximumBytes``.
  package static func read(_ url: URL) throws(ModelLocationError) -> [UInt8] {
    let size = (try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path))?[.size] as? Int
    if let size, size > maximumBytes { throw .tooLarge(path: url.path, bytes: size) }
    do { return [UInt8](try Data(contentsOf: url)) } catch {
      throw .unreadable(path: url.path, reason: error.localizedDescription)
    }
  }
}

/// Why there is no model to load.
package enum ModelLocationError: Error, Sendable, Hashable, CustomStringConvertible {
  case noStandardModel
  case noSuchModel(path: String)
  case emptyFolder(path: String)
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int)

  package var description: String {
    switch self {
    case .noStandardModel:
      "expected models/default or share/ockham/default in a folder above the program, found neither; "
        + "name a model, or set \(ModelLocation.variable) to a model's folder"
    case .noSuchModel(let path):
      "\(path): no such model; name a folder that `ockham train` wrote, or its \(ModelLocation.fileName)"
    case .emptyFolder(let path): "\(path): this folder has no \(ModelLocation.fileName); train a model into it first"
    case .unreadable(let path, let reason): "\(path): cannot read: \(reason)"
    case .tooLarge(let path, let bytes):
      "\(path): expected a model of at most \(ModelLocation.maximumBytes) bytes, found \(bytes); this is no model that Ockham wrote"
    }
  }
}
