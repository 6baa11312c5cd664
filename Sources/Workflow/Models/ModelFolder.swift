package import Foundation
import ModelFiles
package import Ockham
package import OckhamTraining
package import RequestLog
import TextKit

/// A model on disk: a folder that training wrote, or a bare model file.
package struct ModelFolder {
  /// The model file.
  package let url: URL
  package let bytes: [UInt8]
  package let model: Model

  /// The name of the card beside a model.
  static let cardName = "CARD.md"

  /// Loads a model from a folder or a file.
  /// - Throws: ``WorkflowError`` for a path without a model and for a file that is none.
  package init(_ path: String) throws(WorkflowError) {
    do throws(ModelLocationError) {
      url = try ModelLocation.file(at: path)
      bytes = try ModelLocation.read(url)
    } catch { throw .missingInput("\(error)") }
    do { model = try Model(bytes) } catch { throw .badData("\(url.path): \(error)") }
  }

  /// The folder that the model file is in.
  package var folder: URL { url.deletingLastPathComponent() }

  /// Where the scores of the training rows lie, if anywhere.
  private var outOfFoldFile: URL { folder.appending(path: OutOfFoldScores.fileName) }

  /// Scores of the training rows by models that have not seen them, where training left them; `nil` when the file beside
  /// the model is missing or belongs to another model.
  /// - Throws: ``WorkflowError`` for a file that cannot be read as scores.
  package func outOfFoldScores() throws(WorkflowError) -> OutOfFoldScores? {
    guard let data = try? Data(contentsOf: outOfFoldFile) else { return nil }
    let scores: OutOfFoldScores
    do { scores = try OutOfFoldScores([UInt8](data), tierNames: model.tierNames) } catch {
      throw .badData("\(outOfFoldFile.path): \(error); remove it or train again")
    }
    return scores.fingerprint == model.metadata["out_of_fold"] ? scores : nil
  }

  /// The tiers of the model that are used: the named ones, else those that its thresholds were chosen for.
  /// - Throws: ``WorkflowError/usage(_:)`` for names that are not the model's tiers.
  package func selection(named names: [String]?) throws(WorkflowError) -> TierSelection {
    if let names { return try TierSelection(named: names, of: model) }
    return TierSelection(calibratedOf: model)
  }

  /// Which models stand for the tiers that are used: those of a map, or those of training where there is none.
  /// - Throws: ``WorkflowError/usage(_:)`` where the map lacks one of them, has tiers that are not the model's, or another order.
  package func tierMap(_ given: TierMap?, for selection: TierSelection) throws -> TierMap {
    let map = try given ?? trainedTierMap()
    let known = map.names.filter(model.tierNames.contains)
    guard known == map.names, map.names.filter(selection.names.contains) == selection.names else {
      throw WorkflowError.usage(
        "--tier: expected the model's tiers \(SafeText.names(selection.names)), found "
          + "\(SafeText.names(map.names))")
    }
    return try TierMap(tiers: map.tiers.filter { selection.names.contains($0.name) })
  }

  private func trainedTierMap() throws -> TierMap {
    let text = model.metadata["tier_models"] ?? "[]"
    let models = (try? JSONDecoder().decode([[String]].self, from: Data(text.utf8))) ?? []
    return try TierMap(
      tiers: model.tierNames.enumerated().map { index, name in
        TierMap.Tier(name: name, models: index < models.count ? models[index] : [])
      })
  }
}

extension ModelFolder {
  /// Writes the model with other thresholds: in place, its card renewed, or as a copy with its out-of-fold scores beside
  /// it, so that the copy stays honest about its training rows.
  ///
  /// - Parameters:
  ///   - selection: the tiers that the thresholds stand between; all where it is `nil`.
  ///   - output: the file to write, or an existing folder to write the model file into; `nil` for this place.
  /// - Returns: what was written, and where scores of another model lay, which stay.
  @discardableResult
  package func write(
    _ thresholds: CalibratedThresholds, for selection: TierSelection? = nil, to output: String? = nil
  ) throws -> (file: URL, foreignScores: URL?) {
    let target = output.map(Self.target) ?? url
    try AtomicFile.write(thresholds.applied(to: TensorFile(bytes), for: selection).encoded(), to: target)
    let foreign = try copyOutOfFoldScores(besides: target)
    if output == nil { try renewCard(thresholds) }
    return (target, foreign)
  }

  /// The file that an output path means: itself, or the model file of an existing folder.
  private static func target(_ path: String) -> URL {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? url.appending(path: ModelLocation.fileName) : url
  }

  /// The scores of another model that lie there already are left alone, and named.
  private func copyOutOfFoldScores(besides target: URL) throws -> URL? {
    let copy = target.deletingLastPathComponent().appending(path: OutOfFoldScores.fileName)
    guard copy.standardizedFileURL != outOfFoldFile.standardizedFileURL,
      let data = try? Data(contentsOf: outOfFoldFile)
    else { return nil }
    if let there = try? Data(contentsOf: copy) { return there == data ? nil : copy }
    try AtomicFile.write([UInt8](data), to: copy)
    return nil
  }

  /// The card beside a model tells its thresholds, and must tell the new ones.
  private func renewCard(_ thresholds: CalibratedThresholds) throws {
    let file = folder.appending(path: Self.cardName)
    guard let card = try? String(contentsOf: file, encoding: .utf8) else { return }
    try AtomicFile.write(Array(ModelCard.replacingThresholds(in: card, with: thresholds).utf8), to: file)
  }
}
