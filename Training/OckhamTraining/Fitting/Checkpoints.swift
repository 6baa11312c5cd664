import ModelFiles
package import Foundation
import Ockham

/// Saved states of networks in progress: one file per fold, replaced after every epoch.
///
/// Files carry a key made of the log and the recipe, so that a run cannot go on from the state of another.
package struct Checkpoints: Sendable {
  private let directory: URL
  private let key: String
  private let resumes: Bool

  /// - Parameters:
  ///   - directory: where the files live; made when the first is written.
  ///   - key: names the log, the recipe and the version.
  ///   - resumes: whether saved states are used; otherwise they are only written.
  package init(directory: URL, key: String, resumes: Bool) {
    self.directory = directory
    self.key = key
    self.resumes = resumes
  }

  /// The saved state of a job, or `nil` where there is none.
  func load(_ job: String, _ shape: MLPArchitecture) throws(TrainingError) -> MLPTrainingState? {
    let url = directory.appending(path: "\(job).safetensors")
    guard resumes, let data = try? Data(contentsOf: url) else { return nil }
    let file: TensorFile
    do { file = try TensorFile([UInt8](data)) } catch {
      throw .savedState(tensor: job, expected: "a whole checkpoint", found: "\(error)")
    }
    guard file.metadata["key"] == key else {
      throw .savedState(tensor: job, expected: "a checkpoint of this log and recipe", found: "one of another run")
    }
    let tensors = file.tensors.map { NamedTensor(name: $0.name, values: $0.floats ?? []) }
    return try MLPTrainingState(tensors: tensors, shape: shape)
  }

  /// Saves a state. A checkpoint that cannot be written does not stop training: it only cannot be resumed.
  func save(_ job: String, _ state: MLPTrainingState) {
    try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let tensors = state.tensors.map { Tensor(name: $0.name, shape: [$0.values.count], floats: $0.values) }
    let bytes = TensorFile(metadata: ["key": key], tensors: tensors).encoded()
    try? AtomicFile.write(bytes, to: directory.appending(path: "\(job).safetensors"))
  }

  /// Removes all saved states.
  package func removeAll() { try? FileManager.default.removeItem(at: directory) }
}
