package import Foundation

/// Keeps a folder for one writer at a time, by the operating system's advisory lock on the folder itself: it leaves no file
/// behind and ends with the process, however that ends.
///
/// Readers need none: ``FolderContents`` shows them the old files or the new ones. On a file system without such locks
/// nothing is held.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a folder that is there.
  ///
  /// - Throws: ``FolderLockError`` where another writer has it, or the folder cannot be opened.
  package init(_ folder: URL) throws(FolderLockError) {
    while true {
      let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .unreadable(path: folder.path, code: errno) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw .held(path: folder.path)
      }
      // Between opening and locking another writer may have put a new folder in this one's place.
      guard Self.isSame(descriptor, folder.path) else {
        close(descriptor)
        continue
      }
      self.descriptor = descriptor
      return
    }
  }

  deinit { close(descriptor) }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    guard unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0 else { return false }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}

/// Why a folder cannot be kept for a writer.
package enum FolderLockError: Error, Sendable, Hashable, CustomStringConvertible {
  case held(path: String)
  case unreadable(path: String, code: Int32)

  package var description: String {
    switch self {
    case .held(let path):
      "\(path): expected a folder that no other train or calibrate writes, found one in progress; wait for it, stop it, or "
        + "name another folder with --output"
    case .unreadable(let path, let code):
      "\(path): opening failed: \(unsafe String(cString: strerror(code))); check the folder and its permissions"
    }
  }
}
