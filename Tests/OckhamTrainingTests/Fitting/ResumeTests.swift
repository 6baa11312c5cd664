import Foundation
import Ockham
import Synchronization
import Testing

@testable import OckhamTraining

@Suite struct ResumeTests {
  private func run(
    _ folder: URL?, resumes: Bool = false, key: String = "this run", recipe: Recipe = Training.recipe(.mlp),
    stoppingAfterEpochs limit: Int = .max
  ) throws -> [UInt8] {
    let epochs = Atomic<Int>(0)
    let observer = TrainingObserver(
      report: { event in
        if case .epoch = event { epochs.add(1, ordering: .relaxed) }
      }, isCancelled: { epochs.load(ordering: .relaxed) >= limit })
    let training = try RouterTraining(
      dataset: Training.madeUp(70), recipe: recipe, pool: WorkerPool(threads: 1), observer: observer,
      checkpoints: folder.map { Checkpoints(directory: $0, key: key, resumes: resumes) })
    let router = try training.run()
    return router.weights.tensorFile().encoded() + router.outOfFold.tensorFile().encoded()
  }

  /// Stopped in the first fold, between folds, in a later fold, and in the final fit.
  @Test(arguments: [1, 4, 6, 13, 15]) func aResumedRunEndsInTheSameBytes(epochs: Int) throws {
    let whole = try run(nil)
    try Training.withFolder { folder in
      #expect(throws: TrainingError.cancelled) { try run(folder, stoppingAfterEpochs: epochs) }
      let resumed = try run(folder, resumes: true)
      #expect(resumed == whole)
    }
  }

  /// Early stopping is part of the state: a finished fold must not go on.
  @Test func earlyStoppingSurvivesResuming() throws {
    var recipe = Training.recipe(.mlp)
    recipe.network.epochs = 12
    recipe.network.patience = 1
    recipe.network.learningRate = 0.1
    let whole = try run(nil, recipe: recipe)
    for epochs in [2, 5, 9] {
      try Training.withFolder { folder in
        _ = try? run(folder, recipe: recipe, stoppingAfterEpochs: epochs)
        let resumed = try run(folder, resumes: true, recipe: recipe)
        #expect(resumed == whole, "\(epochs) epochs")
      }
    }
  }

  @Test func withoutResumingCheckpointsAreOnlyWritten() throws {
    try Training.withFolder { folder in
      _ = try? run(folder, key: "another run", stoppingAfterEpochs: 3)
      #expect(try run(folder) == run(nil))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["final.safetensors", "fold-0.safetensors", "fold-1.safetensors", "fold-2.safetensors"])
    }
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    try Training.withFolder { folder in
      _ = try? run(folder, key: "another log", stoppingAfterEpochs: 2)
      #expect(
        throws: TrainingError.savedState(
          tensor: "fold-0", expected: "a checkpoint of this log and recipe", found: "one of another run")
      ) { try run(folder, resumes: true) }
    }
  }

  @Test func aTornCheckpointIsRefused() throws {
    try Training.withFolder { folder in
      _ = try? run(folder, stoppingAfterEpochs: 2)
      let url = folder.appending(path: "fold-0.safetensors")
      let bytes = try Data(contentsOf: url)
      for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
        try bytes.prefix(count).write(to: url)
        let error = #expect(throws: TrainingError.self) { try run(folder, resumes: true) }
        guard case .savedState("fold-0", "a whole checkpoint", _)? = error else {
          Issue.record("\(count) bytes: \(String(describing: error))")
          continue
        }
        #expect(error?.description.contains("without resuming") == true)
      }
    }
  }

  @Test func checkpointsAreRemovedWithTheirFolder() throws {
    try Training.withFolder { folder in
      let directory = folder.appending(path: "states")
      _ = try? run(directory, stoppingAfterEpochs: 1)
      #expect(FileManager.default.fileExists(atPath: directory.path))
      let checkpoints = Checkpoints(directory: directory, key: "", resumes: false)
      checkpoints.removeAll()
      checkpoints.removeAll()
      #expect(!FileManager.default.fileExists(atPath: directory.path))
    }
  }

  /// Training goes on where checkpoints cannot be written.
  @Test func aFolderThatCannotBeMadeDoesNotStopTraining() throws {
    try Training.withFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      #expect(try run(file.appending(path: "below")) == run(nil))
    }
  }
}
