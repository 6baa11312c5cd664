package import Foundation
package import ModelFiles
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
    if scores.fingerprint == model.metadata["out_of_fold"] { return scores }
    guard (try? ModelLocation.read(url)) == bytes else {
      throw .inputOutput("\(url.path): another model took this one's place while it was read; run the command again")
    }
    return nil
  }

  /// The tiers of the model that are used: the named ones, else those that its thresholds were chosen for.
  /// - Throws: ``WorkflowError/usage(_:)`` for names that are not the model's tiers.
  package func selection(named names: [String]?) throws(WorkflowError) -> TierSelection {
    if let names { return try TierSelection(given: names, of: model) }
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
  /// Keeps the folder that ``write(_:for:to:)`` will change for this process, before the model is read: what another writer put
  /// there in the meantime would be lost. `nil` where a bare file is written, or a folder that is not there yet.
  ///
  /// - Parameters:
  ///   - model: the path that the model will be read from.
  ///   - output: as for ``write(_:for:to:)``.
  package static func lock(_ model: String, output: String?) throws -> FolderLock? {
    let folder: URL?
    if let output {
      folder = isFile(output) ? nil : URL(filePath: output)
    } else {
      let file = try? ModelLocation.file(at: model)
      folder = file.flatMap { $0.lastPathComponent == ModelLocation.fileName ? $0.deletingLastPathComponent() : nil }
    }
    guard let folder, FileManager.default.fileExists(atPath: folder.path) else { return nil }
    return try FolderLock(folder)
  }

  /// Writes the model with other thresholds: in place, its card renewed, or as a copy with all that train wrote beside it, so
  /// that the copy stays honest about its training rows.
  ///
  /// - Parameters:
  ///   - selection: the tiers that the thresholds stand between; all where it is `nil`.
  ///   - output: a file, if its name ends in `.safetensors`; else a folder, which is made where it is not there; `nil` for this
  ///     place.
  /// - Returns: the model file, and where scores of another model lay beside a bare file, which stay.
  @discardableResult
  package func write(
    _ thresholds: CalibratedThresholds, for selection: TierSelection? = nil, to output: String? = nil
  ) throws -> (file: URL, foreignScores: URL?) {
    let bytes = thresholds.applied(to: try TensorFile(bytes), for: selection).encoded()
    let target = output.map { URL(filePath: $0) } ?? (isInFolder ? folder : url)
    if output.map(Self.isFile) ?? !isInFolder {
      try AtomicFile.write(bytes, to: target)
      return (target, try copyOutOfFoldScores(besides: target))
    }
    try FolderContents.replace(
      target, with: try companions(thresholds, bytes) + [.init(ModelLocation.fileName, bytes)])
    return (target.appending(path: ModelLocation.fileName), nil)
  }

  /// Whether the model lies in a folder of its own, and not as a bare file among others.
  private var isInFolder: Bool { url.lastPathComponent == ModelLocation.fileName }

  /// Whether an output path means a bare file.
  private static func isFile(_ output: String) -> Bool { output.hasSuffix(".safetensors") }

  /// What train wrote beside the model, with a card that shows the thresholds.
  private func companions(_ thresholds: CalibratedThresholds, _ model: [UInt8]) throws -> [FolderContents.File] {
    let certificate = try Certificate(thresholds, model: Model(model))
    let companions = companions(thresholds)
    // One that is there must not go on guaranteeing what is guaranteed no more.
    let isThere = FileManager.default.fileExists(atPath: folder.appending(path: Certificate.fileName).path)
    guard certificate.isProven || isThere else { return companions }
    return companions + [.init(Certificate.fileName, certificate.bytes)]
  }

  private func companions(_ thresholds: CalibratedThresholds) -> [FolderContents.File] {
    [OutOfFoldScores.fileName, "recipe.json", "metrics.json", Self.cardName].compactMap { name in
      guard let data = try? Data(contentsOf: folder.appending(path: name)) else { return nil }
      guard name == Self.cardName else { return FolderContents.File(name, [UInt8](data)) }
      let card = String(decoding: data, as: UTF8.self)
      return FolderContents.File(name, Array(ModelCard.replacingThresholds(in: card, with: thresholds).utf8))
    }
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
}
