package import Foundation

/// Replaces several files of a folder at once: anyone who opens the folder finds all old ones or all new ones, and what cannot
/// be written whole leaves the old ones as they are.
///
/// The new folder is made beside the old one and flushed to the disk, and the two change places in one step. All other files
/// of the folder come along. Where that step does not exist (a mounted folder, a parent folder that takes no files) or would
/// pull the folder from under others (the working folder, one with visible folders in it), all files are written beside the old ones first and then renamed over them in the given order, so that only a full disk or
/// a crash between two renames could show some of both.
package enum FolderContents {
  /// A file to write.
  package struct File: Sendable {
    package var name: String
    package var bytes: [UInt8]

    package init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Writes files into a folder, which is made where it is not there, also its parents.
  ///
  /// - Parameter files: of different names; the one that readers look for first comes last.
  package static func replace(_ folder: URL, with files: [File]) throws(FileWriteError) {
    let target = folder.resolvingSymlinksInPath().standardizedFileURL
    do { try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true) } catch {
      throw FileWriteError(target.path, "making the folder", errno == 0 ? EACCES : errno)
    }
    let staging = Staging(beside: target)
    guard try staging.make() else { return try replaceOneByOne(target, with: files) }
    do throws(FileWriteError) {
      for file in files { try staging.write(file) }
      staging.linkOthers(than: Set(files.map(\.name)))
      try staging.flush()
    } catch {
      staging.remove()
      throw error
    }
    guard staging.exchange() else {
      staging.remove()
      return try replaceOneByOne(target, with: files)
    }
    staging.clear(replaced: Set(files.map(\.name)))
  }

  private static func replaceOneByOne(_ folder: URL, with files: [File]) throws(FileWriteError) {
    var written: [AtomicFile.Pending] = []
    do throws(FileWriteError) {
      for file in files { written.append(try AtomicFile.prepare(file.bytes, for: folder.appending(path: file.name))) }
      for pending in written { try pending.commit() }
    } catch {
      for pending in written { pending.discard() }
      throw error
    }
  }
}

/// The new folder in progress, and after the exchange the old one.
private struct Staging {
  let target: URL
  let place: URL

  init(beside target: URL) {
    self.target = target
    place = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial")
  }

  /// - Returns: whether the folders may change places: the parent takes a folder, on the file system of the target, and the
  ///   target is neither the working folder nor one with visible folders in it.
  /// - Throws: ``FileWriteError`` for a full disk.
  func make() throws(FileWriteError) -> Bool {
    remove()
    guard !Self.areOne(target.path, FileManager.default.currentDirectoryPath), !holdsFolders else { return false }
    var old = stat()
    guard unsafe stat(target.path, &old) == 0 else { return false }
    if unsafe mkdir(place.path, 0o755) != 0 {
      guard errno == ENOSPC || errno == EDQUOT else { return false }
      throw FileWriteError(target.path, "making the new folder", errno)
    }
    _ = unsafe chown(place.path, old.st_uid, old.st_gid)
    _ = unsafe chmod(place.path, old.st_mode & 0o7777)
    var new = stat()
    guard unsafe stat(place.path, &new) == 0, new.st_dev == old.st_dev else {
      remove()
      return false
    }
    return true
  }

  func write(_ file: FolderContents.File) throws(FileWriteError) {
    try AtomicFile.writeFlushed(
      file.bytes, to: place.appending(path: file.name).path, for: target.appending(path: file.name).path)
  }

  /// Files that stay are in both folders, so that they are there at every moment. Folders move later.
  func linkOthers(than names: Set<String>) {
    for name in entries(of: target) where !names.contains(name) {
      _ = unsafe link(target.appending(path: name).path, place.appending(path: name).path)
    }
  }

  func flush() throws(FileWriteError) {
    guard Self.flush(place) else { throw FileWriteError(target.path, "flushing", errno) }
  }

  /// - Returns: whether the folders changed places.
  func exchange() -> Bool {
    #if canImport(Darwin)
      let result = unsafe renamex_np(place.path, target.path, UInt32(RENAME_SWAP))
    #else
      let result = Self.exchange(place.path, target.path)
    #endif
    guard result == 0 else { return false }
    // The new folder is there either way; only whether it outlives a loss of power is open.
    _ = Self.flush(target.deletingLastPathComponent())
    return true
  }

  #if !canImport(Darwin)
    private typealias Rename =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32

    /// `renameat2` with `RENAME_EXCHANGE`, which the headers that Swift reads do not declare; −1 where it does not exist.
    private static func exchange(_ first: String, _ second: String) -> Int32 {
      guard let symbol = unsafe dlsym(nil, "renameat2") else { return -1 }
      let rename = unsafe unsafeBitCast(symbol, to: Rename.self)
      return unsafe rename(AT_FDCWD, first, AT_FDCWD, second, 2)
    }
  #endif

  /// Removes the old folder, and brings into the new one what came into the old one in the meantime.
  func clear(replaced names: Set<String>) {
    for name in entries(of: place) {
      let (old, new) = (place.appending(path: name).path, target.appending(path: name).path)
      if names.contains(name) || Self.areOne(old, new) { _ = unsafe unlink(old) } else { _ = unsafe rename(old, new) }
    }
    _ = unsafe rmdir(place.path)
  }

  /// Removes the new folder before the exchange: there are only files of our own and links in it.
  func remove() {
    for name in entries(of: place) { _ = unsafe unlink(place.appending(path: name).path) }
    _ = unsafe rmdir(place.path)
  }

  private var holdsFolders: Bool {
    entries(of: target).contains { name in
      var entry = stat()
      guard unsafe lstat(target.appending(path: name).path, &entry) == 0 else { return false }
      return !name.hasPrefix(".") && entry.st_mode & S_IFMT == S_IFDIR
    }
  }

  private func entries(of folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }

  private static func areOne(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard unsafe lstat(first, &one) == 0, unsafe lstat(second, &other) == 0 else { return false }
    return one.st_ino == other.st_ino && one.st_dev == other.st_dev
  }

  private static func flush(_ folder: URL) -> Bool {
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }
}
