package import Foundation
import ModelFiles

/// Versions: folders that never change once they have their name.
extension Registry {
  /// The folder of a version whose parts are all there and have the hashes that its lock names.
  ///
  /// - Complexity: O(bytes of the version).
  package func folder(of version: String) throws(RegistryError) -> URL {
    _ = try lock(of: version)
    return try place(of: version)
  }

  /// The lock of a version.
  /// - Throws: for a version that is not there, and for one with a part that is not as its lock says.
  package func lock(of version: String) throws(RegistryError) -> PolicyLock {
    let folder = try place(of: version)
    let file = folder.appending(path: "lock.json")
    guard let bytes = try RegistryFile.bytes(file) else {
      throw .damaged(path: file.path, line: nil, expected: "the lock of a version", found: "no file")
    }
    let lock = try PolicyLock(bytes, path: file.path)
    guard lock.hash == version, lock.bytes == bytes else {
      throw .damaged(path: file.path, line: nil, expected: "bytes with the hash \(version)", found: "others")
    }
    let parts = [
      ("model.safetensors", lock.model), ("policy.json", lock.policy), ("prices.json", lock.prices),
      ("data.json", lock.data),
    ]
    for (name, hash) in parts {
      let file = folder.appending(path: name)
      guard let bytes = try RegistryFile.bytes(file) else {
        throw .damaged(path: file.path, line: nil, expected: "a part of the version", found: "no file")
      }
      guard ContentDigest.hexadecimal(of: bytes) == hash else {
        throw .damaged(path: file.path, line: nil, expected: "bytes with the hash \(hash)", found: "others")
      }
    }
    return lock
  }

  /// Removes what processes that were stopped have left of versions that no one names.
  func removeHalfMadeVersions() {
    let versions = layout.root.appending(path: "versions")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: versions.path)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(".tmp") {
      try? FileManager.default.removeItem(at: versions.appending(path: name))
    }
  }

  private func place(of version: String) throws(RegistryError) -> URL {
    guard let folder = layout.versionFolder(version) else {
      throw .refused("expected a version of 64 lower-case hexadecimal digits, found another text; see --status")
    }
    return folder
  }

  /// Makes a version's folder: beside its place, flushed, and renamed as a whole. What is there already stays.
  func write(_ parts: VersionParts, as lock: PolicyLock) throws(RegistryError) {
    let version = lock.hash
    let folder = try place(of: version)
    if FileManager.default.fileExists(atPath: folder.path) {
      _ = try self.lock(of: version)
      return
    }
    let versions = folder.deletingLastPathComponent()
    let temporary = versions.appending(path: ".\(version).tmp")
    try? FileManager.default.removeItem(at: temporary)
    do { try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true) } catch {
      throw .unwritable(FileWriteError(temporary.path, "making the folder", errno))
    }
    do throws(FileWriteError) {
      for (name, bytes) in parts.files + [("lock.json", lock.bytes)] {
        try AtomicFile.write(bytes, to: temporary.appending(path: name))
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw .unwritable(error)
    }
    try RegistryFile.flush(folder: temporary)
    try afterStep(.partsWritten)
    guard unsafe rename(temporary.path, folder.path) == 0 else {
      throw .unwritable(FileWriteError(folder.path, "renaming", errno))
    }
    try RegistryFile.flush(folder: versions)
    try afterStep(.versionNamed)
  }
}
