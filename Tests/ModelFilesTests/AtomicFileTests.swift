import Foundation
import Testing

@testable import ModelFiles

@Suite struct AtomicFileTests {
  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test(arguments: [0, 1, 65_537]) func writesAndReplacesWhole(count: Int) throws {
    try Self.withFolder { folder in
      let url = folder.appending(path: "file")
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write([1, 2, 3, 4], to: url)
      try AtomicFile.write(bytes, to: url)
      #expect([UInt8](try Data(contentsOf: url)) == bytes)
      #expect(try names(folder) == ["file"])
    }
  }

  /// A folder in the place of the file cannot be renamed over: what is there stays, and nothing is left beside it.
  @Test func aFailedRenameLeavesNoPartial() throws {
    try Self.withFolder { folder in
      let url = folder.appending(path: "taken")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try Data("old".utf8).write(to: url.appending(path: "inside"))
      let error = #expect(throws: FileWriteError.self) { try AtomicFile.write([1], to: url) }
      #expect(error?.action == "renaming")
      #expect(error?.path == url.path)
      #expect(try names(folder) == ["taken"])
      #expect(try names(url) == ["inside"])
    }
  }

  @Test func anErrorNamesTheFileThatWasAskedFor() throws {
    try Self.withFolder { folder in
      let url = folder.appending(path: "no-such-folder/model")
      let error = #expect(throws: FileWriteError.self) { try AtomicFile.write([1], to: url) }
      #expect(error == FileWriteError(url.path, "opening", ENOENT))
      let text = try #require(error?.description)
      #expect(text.hasPrefix(url.path + ": opening failed: "))
      #expect(text.contains("check the folder"))
    }
  }

  /// A full disk fails while bytes are written or flushed; the old file stays.
  @Test func aFullDiskIsAnError() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"))
    try Self.withFolder { folder in
      let url = folder.appending(path: "file")
      try AtomicFile.write([7], to: url)
      let partial = folder.appending(path: ".file.\(ProcessInfo.processInfo.processIdentifier).partial")
      try FileManager.default.createSymbolicLink(atPath: partial.path, withDestinationPath: "/dev/full")
      let error = #expect(throws: FileWriteError.self) { try AtomicFile.write([8], to: url) }
      #expect(error == FileWriteError(url.path, "writing", ENOSPC))
      #expect([UInt8](try Data(contentsOf: url)) == [7])
      #expect(try names(folder) == ["file"])
    }
  }

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
