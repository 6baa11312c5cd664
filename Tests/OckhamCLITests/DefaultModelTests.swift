import Foundation
import Testing

@testable import ModelFiles
@testable import OckhamCLI

@Suite struct ModelLocationTests {
  /// Makes an empty model file and a program in a folder.
  private func withPlaces(_ model: String, program: String, _ body: (URL, URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appending(path: model).appending(path: "model.safetensors")
      let program = folder.appending(path: program)
      for url in [file, program] {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
      try body(file.deletingLastPathComponent(), program)
    }
  }

  @Test(arguments: [
    ("models/default", ".build/release/ockham"), ("models/default", "ockham"), ("share/ockham/default", "bin/ockham"),
  ])
  func isFoundAboveTheProgram(model: String, program: String) throws {
    try withPlaces(model, program: program) { folder, program in
      let found = try ModelLocation.standard(program: program, environment: [:])
      #expect(URL(filePath: found).resolvingSymlinksInPath().path == folder.resolvingSymlinksInPath().path)
      #expect(try ModelLocation.standard(program: program, environment: ["OCKHAM_MODEL": "/else"]) == "/else")
      #expect(try ModelLocation.standard(program: program, environment: ["OCKHAM_MODEL": ""]) == found)
    }
  }

  @Test func aLinkToTheProgramIsFollowed() throws {
    try withPlaces("models/default", program: ".build/release/ockham") { folder, program in
      try Tool.withFolder { elsewhere in
        let link = elsewhere.appending(path: "ockham")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
        let found = try ModelLocation.standard(program: link, environment: [:])
        #expect(URL(filePath: found).resolvingSymlinksInPath().path == folder.resolvingSymlinksInPath().path)
      }
    }
  }

  @Test func saysWhatToDoWhereThereIsNone() throws {
    #expect(throws: ModelLocationError.self) {
      try ModelLocation.standard(program: URL(filePath: "/bin/sh"), environment: [:])
    }
  }
}

@Suite struct ShippedModelTests {
  /// The model in the repository routes from any folder, and the plainest requests go to the smallest tier.
  @Test func routesWithoutAModelOption() throws {
    let outcome = try Tool.run("route", "translate 'good night' to French", "--format", "json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let line = try #require(outcome.lines.first)
    let decision = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(decision["tier"] as? String == "small")
    #expect((decision["probability"] as? [String: Any])?.keys.sorted() == ["frontier", "mid", "small"])
  }
}
