import Foundation
import Testing

@Suite struct InterruptionTests {
  /// A network of many epochs, so that there is time to interrupt it.
  private static func arguments(_ folder: URL, _ output: String) throws -> [String] {
    var recipe = Sample.quickRecipe
    recipe.architecture = .mlp
    recipe.network.epochs = 40
    recipe.network.patience = 40
    let path = folder.appending(path: "long.json").path
    try Sample.write(recipe, to: path)
    return [
      "train", Sample.shared.log, "--recipe", path, "--threads", "1", "--output",
      folder.appending(path: output).path,
    ] + Sample.tiers
  }

  private static func names(_ folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
  }

  @Test func anInterruptedTrainingLeavesNothingTornAndCanBeResumed() throws {
    try Tool.withFolder { folder in
      let arguments = try Self.arguments(folder, "stopped")
      let output = folder.appending(path: "stopped")
      // Left behind by another run: a run that does not resume must clear it, or its own resumption would meet it.
      let states = output.appending(path: ".checkpoints")
      try FileManager.default.createDirectory(at: states, withIntermediateDirectories: true)
      try Data("torn".utf8).write(to: states.appending(path: "final.safetensors"))
      let errors = folder.appending(path: "errors")
      try Data().write(to: errors)
      let process = Process()
      process.executableURL = Tool.executable
      process.arguments = arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      // The second fold has begun.
      let checkpoint = output.appending(path: ".checkpoints/fold-1.safetensors")
      while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint.path) { usleep(5_000) }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      #expect(Self.names(output) == [".checkpoints"])
      #expect(!Self.names(output.appending(path: ".checkpoints")).contains { $0.hasSuffix(".partial") })
      #expect(try String(contentsOf: errors, encoding: .utf8).contains("cancelled"))

      let resumed = try Tool.run(arguments + ["--resume"])
      #expect(resumed.code == 0, "\(resumed.error)")
      let whole = try Tool.run(try Self.arguments(folder, "whole"))
      #expect(whole.code == 0)
      #expect(Self.names(output) == Self.names(folder.appending(path: "whole")))
      for name in ["model.safetensors", "out-of-fold.safetensors"] {
        let expected = try Data(contentsOf: folder.appending(path: "whole/" + name))
        #expect(try Data(contentsOf: output.appending(path: name)) == expected, "\(name)")
      }
    }
  }

  @Test func aTornCheckpointIsRefusedOnlyWhenResuming() throws {
    try Tool.withFolder { folder in
      let output = folder.appending(path: "router")
      let states = output.appending(path: ".checkpoints")
      try FileManager.default.createDirectory(at: states, withIntermediateDirectories: true)
      try Data("torn".utf8).write(to: states.appending(path: "fold-0.safetensors"))
      var recipe = Sample.quickRecipe
      recipe.architecture = .mlp
      recipe.network.epochs = 1
      let path = folder.appending(path: "recipe.json").path
      try Sample.write(recipe, to: path)
      let arguments = ["train", Sample.shared.log, "--recipe", path, "--output", output.path] + Sample.tiers
      let refused = try Tool.run(arguments + ["--resume"])
      #expect(refused.code == 65)
      #expect(refused.error.contains("start again without resuming"))
      #expect(try Tool.run(arguments).code == 0)
      #expect(!FileManager.default.fileExists(atPath: states.path))
    }
  }
}
