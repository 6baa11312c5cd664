import Foundation
import ModelFiles
import Ockham
import OckhamTraining
import RequestLog

/// A model on disk: a folder that `train` wrote, or a bare model file.
struct ModelFolder {
  static let fileName = ModelLocation.fileName

  /// The model file.
  let url: URL
  let bytes: [UInt8]
  let model: Model

  /// Loads a model from a folder or a file.
  init(_ path: String) throws {
    do throws(ModelLocationError) {
      url = try ModelLocation.file(at: path)
      bytes = try ModelLocation.read(url)
    } catch { throw Failure.missingInput("\(error)") }
    do { model = try Model(bytes) } catch { throw Failure.badData("\(url.path): \(error)") }
  }

  /// The folder that the model file is in.
  var folder: URL { url.deletingLastPathComponent() }

  /// Where the scores of the training rows lie, if anywhere.
  var outOfFoldFile: URL { folder.appending(path: OutOfFoldScores.fileName) }

  /// Scores of the training rows by models that have not seen them, where `train` left them; `nil` when the file beside
  /// the model is missing or belongs to another model.
  func outOfFoldScores() throws -> OutOfFoldScores? {
    guard let data = try? Data(contentsOf: outOfFoldFile) else { return nil }
    let scores: OutOfFoldScores
    do { scores = try OutOfFoldScores([UInt8](data), tierNames: model.tierNames) } catch {
      throw Failure.badData("\(outOfFoldFile.path): \(error); remove it or train again")
    }
    return scores.fingerprint == model.metadata["out_of_fold"] ? scores : nil
  }

  /// Which models stand for the tiers: as given, or as they did in training.
  func tierMap(_ flags: [String]) throws -> TierMap {
    let map = try flags.isEmpty ? trainedTierMap() : TierMap(flags: flags)
    guard map.names == model.tierNames else {
      throw Failure(
        message: "--tier: expected the model's tiers \(model.tierNames.joined(separator: ", ")), found "
          + "\(map.names.joined(separator: ", "))", code: .validationFailure)
    }
    return map
  }

  private func trainedTierMap() throws -> TierMap {
    let text = model.metadata["tier_models"] ?? "[]"
    let models = (try? JSONDecoder().decode([[String]].self, from: Data(text.utf8))) ?? []
    return try TierMap(
      tiers: model.tierNames.enumerated().map { index, name in
        TierMap.Tier(name: name, models: index < models.count ? models[index] : [])
      })
  }

  /// The file that an output path means: itself, or the model file of an existing folder.
  static func target(_ path: String) -> URL {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? url.appending(path: fileName) : url
  }

  /// Puts this model's out-of-fold scores beside a copy of it, so that the copy stays honest about its training rows.
  /// Scores of another model that lie there already are left alone, with a word about it.
  func copyOutOfFoldScores(besides target: URL) throws {
    let copy = target.deletingLastPathComponent().appending(path: OutOfFoldScores.fileName)
    guard copy.standardizedFileURL != outOfFoldFile.standardizedFileURL,
      let data = try? Data(contentsOf: outOfFoldFile)
    else { return }
    if let there = try? Data(contentsOf: copy) {
      guard there != data else { return }
      StandardError.write("\(copy.path) belongs to another model and stays: give each model a folder of its own\n")
      return
    }
    try AtomicFile.write([UInt8](data), to: copy)
  }
}
