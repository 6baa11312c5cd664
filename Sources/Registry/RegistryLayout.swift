package import Foundation

/// Where things lie in a registry of models: a folder of files, and nothing else.
///
/// The article RegistryFormat specifies the files, what each operation does to them and in which order, so that a process
/// killed at any point leaves a registry that opens.
package struct RegistryLayout: Sendable, Hashable {
  /// The folder of the registry.
  package let root: URL

  /// - Parameter root: the folder; it need not exist yet.
  package init(root: URL) { self.root = root }

  /// Says which format the folder has: one line, ``formatName``.
  package var formatFile: URL { root.appending(path: "format") }

  /// The first line of ``formatFile``.
  package static let formatName = "ockham-registry/1"

  /// The folder of one version: a model and the parts of its policy lock.
  ///
  /// - Parameter version: the lower-case hexadecimal SHA-256 of the version's `lock.json`.
  /// - Returns: `nil` for a text that is no such hash, so that no name from outside becomes a path.
  package func versionFolder(_ version: String) -> URL? {
    guard ContentDigest.isDigest(version) else { return nil }
    return root.appending(path: "versions").appending(path: version)
  }

  /// Names the versions that serve: incumbent, candidate and the candidate's share. Replaced as a whole.
  package var pointerFile: URL { root.appending(path: "pointer.json") }

  /// Every decision, a JSON line each; only ever appended to.
  package var journalFile: URL { root.appending(path: "journal.jsonl") }

  /// Held exclusively while anything of the registry is changed.
  package var lockFile: URL { root.appending(path: "lock") }
}
