import ModelFiles
import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

/// Features on disk give the very model that features in memory give.
@Suite struct StreamingTests {
  private func dataset(in folder: URL?) throws -> Dataset {
    var requests = MadeUpRequests(seed: 4)
    var builder = try DatasetBuilder(
      options: FeatureOptions(bucketBits: 10), pool: WorkerPool(threads: 2), scratchFolder: folder)
    for record in requests.records(120) { builder.add(record) }
    return try builder.finish(tiers: TierMap(flags: Training.tierFlags))
  }

  private func bytes(_ dataset: Dataset, _ kind: Recipe.Architecture) throws -> [UInt8] {
    var recipe = Training.recipe(kind)
    recipe.taskLabels = true
    let router = try RouterTraining(dataset: dataset, recipe: recipe, pool: WorkerPool(threads: 2)).run()
    return router.weights.tensorFile().encoded() + router.outOfFold.tensorFile().encoded()
  }

  @Test(arguments: [Recipe.Architecture.logistic, .mlp]) func sameBytes(kind: Recipe.Architecture) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stream-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (inMemory, onDisk) = (try dataset(in: nil), try dataset(in: folder))
    #expect(inMemory.scratchBytes == 0)
    #expect(onDisk.scratchBytes == 120 * 4 * (8 + inMemory.denseColumns) + 4 * inMemory.grams.entryCount)
    #expect(onDisk.contentName == inMemory.contentName)
    #expect(try bytes(onDisk, kind) == bytes(inMemory, kind))
    // Scratch files have no name: nothing is left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func aFolderThatIsNotThereIsAnError() throws {
    let folder = URL(filePath: "/nowhere/at/all")
    #expect(throws: FileWriteError.self) { try dataset(in: folder) }
  }
}
