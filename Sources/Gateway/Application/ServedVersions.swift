import Foundation
import Ockham
import Registry

/// The versions that a registry lets serve, whole and checked.
struct ServedVersions {
  private let registry: Registry
  private let pointer: RegistryPointer
  private let canary: CanaryUnderWay?

  /// - Throws: ``StartFailure`` for a registry that is damaged, and for one where nothing serves yet.
  init(_ path: String) throws(StartFailure) {
    do throws(RegistryError) {
      registry = try Registry(opening: URL(filePath: path))
      guard let found = try registry.pointer() else {
        throw .refused("\(path): expected a version that serves, found none; ockham promote MODEL --registry \(path)")
      }
      pointer = found.pointer
      canary = pointer.candidate == nil ? nil : CanaryUnderWay(pointer, try registry.journal())
    } catch { throw StartFailure(exitStatus: error.exitStatus, "\(error)") }
  }

  /// The model of the incumbent, and that of the candidate under canary.
  var models: (incumbent: Model, candidate: CandidateModel?) {
    get throws(StartFailure) {
      let incumbent = try model(of: pointer.incumbent)
      guard let canary else { return (incumbent, nil) }
      return (incumbent, CandidateModel(model: try model(of: canary.candidate), canary: canary))
    }
  }

  private func model(of version: String) throws(StartFailure) -> Model {
    let file: URL
    do throws(RegistryError) {
      file = try registry.folder(of: version).appending(path: "model.safetensors")
    } catch { throw StartFailure(exitStatus: error.exitStatus, "\(error)") }
    guard let bytes = FileManager.default.contents(atPath: file.path) else {
      throw StartFailure(exitStatus: 66, "\(file.path): expected a model, found none that can be read")
    }
    do { return try Model([UInt8](bytes)) } catch { throw StartFailure(exitStatus: 65, "\(file.path): \(error)") }
  }
}
