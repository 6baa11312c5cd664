import GRDB

extension LogError {
  /// What an error of the database means for a log. Statements and their arguments, which may hold prompts, stay out.
  package init(_ error: any Error, path: String) {
    guard let error = error as? DatabaseError else {
      self = error as? LogError ?? .databaseFailed(path: path, code: -1, reason: "\(type(of: error))")
      return
    }
    let reason = error.message ?? "no further message"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .databaseCorrupt(path: path, reason: reason)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .cannotOpen(path: path, reason: reason)
    default: self = .databaseFailed(path: path, code: Int(error.extendedResultCode.rawValue), reason: reason)
    }
  }
}
