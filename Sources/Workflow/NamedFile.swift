import Foundation

/// A small file that an option names.
struct NamedFile {
  let data: Data

  /// Reads the whole file; `kind` is what it should be, such as "recipe".
  /// - Throws: ``WorkflowError/missingInput(_:)``, which distinguishes a missing file, a folder and one that cannot be read.
  init(_ path: String, kind: String) throws(WorkflowError) {
    if let data = FileManager.default.contents(atPath: path) {
      self.data = data
      return
    }
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missingInput("\(path): no such \(kind); check the path")
    }
    throw .missingInput(
      isFolder.boolValue
        ? "\(path): expected a \(kind), found a folder; name the file in it"
        : "\(path): cannot read this \(kind); check its permissions")
  }
}
