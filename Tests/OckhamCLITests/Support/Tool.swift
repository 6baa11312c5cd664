import Foundation

/// Runs the built `ockham` as a program of its own.
enum Tool {
  /// The executable beside the test bundle.
  static let executable: URL = {
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    var folder = bundle.resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.appending(path: "ockham").path) {
      folder.deleteLastPathComponent()
    }
    return folder.appending(path: "ockham")
  }()

  /// How a run ended and what it printed.
  struct Outcome: Sendable {
    let code: Int32
    let outputBytes: [UInt8]
    let error: String

    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs the tool to its end; `input` is its standard input.
  static func run(_ arguments: [String], input: [UInt8] = [], outputPath: String? = nil) throws -> Outcome {
    try withFolder { folder in
      let files = try ["in", "out", "err"].map { name in
        let url = folder.appending(path: name)
        try Data(name == "in" ? input : []).write(to: url)
        return url
      }
      let process = Process()
      process.executableURL = executable
      process.arguments = arguments
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: outputPath.map { URL(filePath: $0) } ?? files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
      process.waitUntilExit()
      return Outcome(
        code: process.terminationStatus, outputBytes: [UInt8](try Data(contentsOf: files[1])),
        error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
  }

  static func run(_ arguments: String..., input: String = "") throws -> Outcome {
    try run(arguments, input: Array(input.utf8))
  }

  /// A folder that is removed when the body ends.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ockham-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

extension Tool.Outcome {
  /// The output as one JSON object.
  func json() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(outputBytes)) as? [String: Any] ?? [:]
  }
}
