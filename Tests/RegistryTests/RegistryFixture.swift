import Foundation

@testable import Registry

/// A registry in a folder of its own, which goes with the value.
final class RegistryFixture {
  let root: URL
  let registry: Registry
  private(set) var time = 1_800_000_000.0

  init(lockSeconds: Double = 10) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "registry-\(UUID().uuidString)")
    var registry = try Registry(creating: root)
    registry.lockSeconds = lockSeconds
    self.registry = registry
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  static let salt = String(repeating: "5a", count: 16)

  func statement(_ reason: String = "a test") -> Registry.Statement {
    time += 60
    return Registry.Statement(by: .init(isAutomatic: false, name: "ann"), reason: reason, time: time)
  }

  static func parts(_ name: String) -> VersionParts {
    VersionParts(
      model: Array("model \(name)".utf8), policy: Array("{}".utf8), prices: Array("{}".utf8),
      data: Array("{\"rows\":1}".utf8))
  }

  /// Takes a version in, and returns its hash.
  func add(_ name: String) throws -> String {
    try registry.add(Self.parts(name), version: "1", statement()).version
  }

  /// A version that serves.
  func incumbent(_ name: String = "first") throws -> String {
    let version = try add(name)
    _ = try registry.promote(version, salt: Self.salt, statement())
    return version
  }
}
