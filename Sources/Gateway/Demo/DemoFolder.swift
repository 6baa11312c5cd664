import Foundation

/// Where the demo's log is, for as long as its process lives: a folder of its own that no one else may read.
final class DemoFolder: Sendable {
  let path: String

  var database: String { path + "/made-up.sqlite" }

  /// - Throws: what the system says where no folder can be made.
  init(in parent: String = NSTemporaryDirectory()) throws {
    path = (parent as NSString).appendingPathComponent("ockham-demo-" + UUID().uuidString)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  /// Deletes the folder with all that is in it.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
