import Foundation
import Testing

@testable import ModelFiles

struct ModelLocationTests {
  /// A file with a hole is refused by its size, before it is read.
  @Test func filesFarTooLargeAreNotRead() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ockham-large-\(UUID().uuidString)")
    try Data("x".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try ModelLocation.read(file) == Array("x".utf8))
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: UInt64(ModelLocation.maximumBytes) + 1)
    try handle.close()
    let link = file.appendingPathExtension("link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
    defer { try? FileManager.default.removeItem(at: link) }
    for url in [file, link] {
      let error = #expect(throws: ModelLocationError.self) { try ModelLocation.read(url) }
      #expect(error == .tooLarge(path: url.path, bytes: ModelLocation.maximumBytes + 1))
    }
  }
}
