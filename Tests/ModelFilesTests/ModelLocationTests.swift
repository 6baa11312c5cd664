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

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "ockham-location-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func makeModel(in folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("m".utf8).write(to: folder.appending(path: ModelLocation.fileName))
  }

  /// A path is a model's file or a model's folder; anything else is named with what to do.
  @Test func aPathIsAFileOrAFolder() throws {
    try Self.withFolder { folder in
      let (full, empty) = (folder.appending(path: "full"), folder.appending(path: "empty"))
      try Self.makeModel(in: full)
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      let file = full.appending(path: ModelLocation.fileName)
      for path in [full.path, full.path + "/", file.path] {
        #expect(try ModelLocation.file(at: path).path == file.path, "\(path)")
      }
      let link = folder.appending(path: "link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: full)
      #expect(try ModelLocation.read(ModelLocation.file(at: link.path)) == Array("m".utf8))
      for (path, expected, words) in [
        (empty.path, ModelLocationError.emptyFolder(path: empty.path), "train a model into it"),
        (folder.path + "/absent", .noSuchModel(path: folder.path + "/absent"), "ockham train"),
      ] {
        let error = #expect(throws: ModelLocationError.self) { try ModelLocation.file(at: path) }
        #expect(error == expected && error?.description.hasPrefix(path + ": ") == true)
        #expect(error?.description.contains(words) == true)
      }
      let error = #expect(throws: ModelLocationError.self) { try ModelLocation.read(empty) }
      #expect(error?.description.hasPrefix(empty.path + ": cannot read: ") == true)
    }
  }

  /// The standard model lies above the program, the nearest first, also where the program is called by a link from elsewhere.
  @Test func theStandardModelIsTheNearestAbove() throws {
    try Self.withFolder { folder in
      let program = folder.appending(path: "a/b/c/ockham")
      try FileManager.default.createDirectory(
        at: program.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: program)
      let link = folder.appending(path: "elsewhere")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
      func standard(_ named: String? = nil) -> String? {
        let environment = named.map { [ModelLocation.variable: $0] } ?? [:]
        let paths = [program, link].map { try? ModelLocation.standard(program: $0, environment: environment) }
        #expect(paths[0] == paths[1])
        return paths[0]
      }
      // From the farthest to the nearest, each takes the place of the one before; at one height models/default does.
      for place in ["share/ockham/default", "models/default", "a/share/ockham/default", "a/b/c/models/default"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: place), withIntermediateDirectories: true)
        #expect(standard() != folder.appending(path: place).path, "a folder without a model is none")
        try Self.makeModel(in: folder.appending(path: place))
        #expect(standard() == folder.appending(path: place).path)
      }
      #expect(standard("/named/model") == "/named/model" && standard("") == standard())
    }
  }

  @Test func withoutOneTheErrorSaysWhereItWasLookedFor() {
    let error = #expect(throws: ModelLocationError.self) {
      try ModelLocation.standard(program: URL(filePath: "/ockham-\(UUID().uuidString)/ockham"), environment: [:])
    }
    #expect(error == .noStandardModel)
    for words in ["models/default", "share/ockham/default", ModelLocation.variable] {
      #expect(error?.description.contains(words) == true)
    }
  }
}
