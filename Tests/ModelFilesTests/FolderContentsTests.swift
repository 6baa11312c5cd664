import Foundation
import Testing

@testable import ModelFiles

@Suite struct FolderContentsTests {
  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-contents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func files(_ generation: UInt8) -> [FolderContents.File] {
    [.init("scores", [generation, 1]), .init("card", [generation, 2]), .init("model", [generation, 3])]
  }

  private static func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private static func generations(_ folder: URL) throws -> Set<UInt8> {
    Set(try ["scores", "card", "model"].map { try Data(contentsOf: folder.appending(path: $0))[0] })
  }

  @Test func makesAndReplacesAFolderAndLeavesNothingBeside() throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      for generation in [1, 2] as [UInt8] {
        try FolderContents.replace(folder, with: Self.files(generation))
        #expect(try Self.generations(folder) == [generation])
        #expect(try Self.names(folder) == ["card", "model", "scores"])
        #expect(try Self.names(parent) == ["router"])
      }
    }
  }

  @Test func otherFilesAndHiddenFoldersComeAlong() throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      try FolderContents.replace(folder, with: Self.files(1))
      try Data("mine".utf8).write(to: folder.appending(path: "report.html"))
      try FileManager.default.createDirectory(at: folder.appending(path: ".states"), withIntermediateDirectories: true)
      try Data("state".utf8).write(to: folder.appending(path: ".states/one"))
      try FolderContents.replace(folder, with: [.init("card", [2]), .init("model", [2])])
      #expect(try Self.names(folder) == [".states", "card", "model", "report.html", "scores"])
      #expect(try Data(contentsOf: folder.appending(path: "report.html")) == Data("mine".utf8))
      #expect(try Data(contentsOf: folder.appending(path: ".states/one")) == Data("state".utf8))
      #expect(try Data(contentsOf: folder.appending(path: "scores"))[0] == 1)
      #expect(try Self.names(parent) == ["router"])
    }
  }

  /// A folder with folders of others in it is not moved: its files are replaced in it.
  @Test func aFolderThatOthersWorkInStaysWhereItIs() throws {
    try Self.withFolder { folder in
      let inner = folder.appending(path: "work")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      var (before, after) = (stat(), stat())
      _ = unsafe stat(folder.path, &before)
      try FolderContents.replace(folder, with: Self.files(1))
      _ = unsafe stat(folder.path, &after)
      #expect(before.st_ino == after.st_ino)
      #expect(try Self.names(folder) == ["card", "model", "scores", "work"])
    }
  }

  /// A writer that cannot write one of the files leaves all old ones, whichever way it went.
  @Test(arguments: [false, true]) func whatCannotBeWrittenWholeChangesNothing(inPlace: Bool) throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      try FolderContents.replace(folder, with: Self.files(1))
      if inPlace {
        try FileManager.default.createDirectory(at: folder.appending(path: "work"), withIntermediateDirectories: true)
      }
      let before = try Self.names(folder)
      let bad = Self.files(2).dropLast() + [.init("no/such/place", [2])]
      #expect(throws: FileWriteError.self) { try FolderContents.replace(folder, with: Array(bad)) }
      #expect(try Self.generations(folder) == [1])
      #expect(try Self.names(folder) == before)
      #expect(try Self.names(parent) == ["router"])
    }
  }

  /// Anyone who opens the folder while it is replaced over and over finds files of one generation in it.
  @Test func readersSeeOneGeneration() throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      try FolderContents.replace(folder, with: Self.files(0))
      let path = folder.path
      let writer = Thread {
        for generation in 1...60 as ClosedRange<UInt8> {
          try? FolderContents.replace(folder, with: Self.files(generation))
        }
      }
      writer.start()
      var seen = 0
      while !writer.isFinished {
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY)
        guard opened >= 0 else { Issue.record("the folder was away"); break }
        let found = ["scores", "card", "model"].map { name -> UInt8? in
          let file = unsafe openat(opened, name, O_RDONLY)
          guard file >= 0 else { return nil }
          defer { close(file) }
          var byte: UInt8 = 0
          return unsafe read(file, &byte, 1) == 1 ? byte : nil
        }
        close(opened)
        // The folder may be cleared once it is no longer the one in place.
        if !found.contains(nil) {
          #expect(Set(found).count == 1)
          seen += 1
        }
      }
      #expect(seen > 0)
    }
  }

  @Test func oneWriterAtATime() throws {
    try Self.withFolder { folder in
      let first = try FolderLock(folder)
      let error = #expect(throws: FolderLockError.self) { try FolderLock(folder) }
      #expect(error == .held(path: folder.path))
      #expect(error?.description.contains("name another folder with --output") == true)
      withExtendedLifetime(first) {}
    }
    try Self.withFolder { folder in
      do { _ = try FolderLock(folder) }
      _ = try FolderLock(folder)
      try FolderContents.replace(folder, with: Self.files(1))
      #expect(try Self.names(folder) == ["card", "model", "scores"], "a lock leaves no file")
    }
  }

  /// What cannot be locked is named with its reason: no folder, a file, and nothing at all.
  @Test func onlyAFolderCanBeKept() throws {
    try Self.withFolder { folder in
      try Data("x".utf8).write(to: folder.appending(path: "file"))
      for (name, code) in [("absent", ENOENT), ("file", ENOTDIR)] {
        let path = folder.appending(path: name).path
        let error = #expect(throws: FolderLockError.self) { try FolderLock(URL(filePath: path)) }
        #expect(error == .unreadable(path: path, code: code))
        #expect(error?.description.hasPrefix(path + ": opening failed: ") == true)
      }
    }
  }

  /// A lock is of what stands under the name now: a folder that took its place is free, and the old one's holder bars no one.
  @Test func aLockIsOfTheFolderInPlace() throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      try FolderContents.replace(folder, with: Self.files(1))
      let old = try FolderLock(folder)
      try FolderContents.replace(folder, with: Self.files(2))
      let new = try FolderLock(folder)
      #expect(throws: FolderLockError.held(path: folder.path)) { try FolderLock(folder) }
      withExtendedLifetime((old, new)) {}
    }
  }

  /// Through a link the folder behind it is replaced, and the link stays one; rights of the folder stay as well.
  @Test func linksAndRightsStay() throws {
    try Self.withFolder { parent in
      let (folder, link) = (parent.appending(path: "router"), parent.appending(path: "current"))
      try FolderContents.replace(folder, with: Self.files(1))
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "router")
      _ = unsafe chmod(folder.path, 0o750)
      try FolderContents.replace(link, with: Self.files(2))
      #expect(try Self.generations(folder) == [2])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "router")
      var found = stat()
      _ = unsafe stat(folder.path, &found)
      #expect(found.st_mode & 0o777 == 0o750)
      #expect(try Self.names(parent) == ["current", "router"])
    }
  }

  /// Leftovers of a writer that was killed are cleared by the next of the same number, and never taken for new files.
  @Test func leftoversAreCleared() throws {
    try Self.withFolder { parent in
      let folder = parent.appending(path: "router")
      try FolderContents.replace(folder, with: Self.files(1))
      let left = parent.appending(path: ".router.\(ProcessInfo.processInfo.processIdentifier).partial")
      try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
      try Data([9]).write(to: left.appending(path: "model"))
      try Data([9]).write(to: left.appending(path: "stray"))
      try FolderContents.replace(folder, with: Self.files(2))
      #expect(try Self.generations(folder) == [2])
      #expect(try Self.names(folder) == ["card", "model", "scores"])
      #expect(try Self.names(parent) == ["router"])
    }
  }
}
