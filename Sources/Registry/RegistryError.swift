import Foundation
package import ModelFiles

/// Why a registry cannot be read or changed. Each names the file, what was expected and found, and what to do.
package enum RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no registry.
  case missing(path: String)
  /// The folder is no registry, or one of another format.
  case format(path: String, found: String)
  /// A file of the registry is not as the format says.
  case damaged(path: String, line: Int?, expected: String, found: String)
  /// Somebody else changes the registry.
  case held(path: String, process: Int32?)
  /// A file could not be read or written.
  case unreadable(path: String, code: Int32)
  case unwritable(FileWriteError)
  /// What is asked for does not fit what serves.
  case refused(String)

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): expected a registry, found none; check the path, or begin one with ockham promote MODEL --registry \(path)"
    case .format(let path, let found):
      "\(path): expected a registry (\(RegistryLayout.formatName)), found \(found); name the folder of one, or an empty one for a new "
        + "registry"
    case .damaged(let path, let line, let expected, let found):
      "\(path)\(line.map { ":\($0)" } ?? ""): expected \(expected), found \(found); nothing was changed: take the file from a copy of "
        + "the registry"
    case .held(let path, let process):
      "\(path): expected to be the only one that changes the registry, found \(process.map { "process \($0)" } ?? "another process"); "
        + "try again when it is done"
    case .unreadable(let path, let code):
      "\(path): reading failed: \(Self.reason(code)); check the folder and its permissions"
    case .unwritable(let error): error.description
    case .refused(let sentence): sentence
    }
  }

  /// What a program ends with: 1 for a refusal, 65 for damage, 66 for what is not there, 74 where reading or writing failed.
  package var exitStatus: Int32 {
    switch self {
    case .format, .damaged: 65
    case .missing: 66
    case .held, .unreadable, .unwritable: 74
    case .refused: 1
    }
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
