import Foundation
package import Registry
import Ockham
import TextKit

/// What can be done about the versions of a registry from the command line.
package struct Promotion {
  /// One wish.
  package enum Wish: Sendable, Equatable {
    /// A model comes in and serves alone, or under canary with a share of the conversations.
    case promote(model: String, canary: Canary?)
    case complete, abort, rollBack
  }

  /// The share that a candidate is given, and what it is held to.
  package struct Canary: Sendable, Equatable {
    package var share: Double
    package var conditions: CanaryConditions

    package init(share: Double, conditions: CanaryConditions = CanaryConditions()) {
      (self.share, self.conditions) = (share, conditions)
    }
  }

  private let wish: Wish
  private let registry: Registry
  /// What is to be promoted.
  private let model: ModelFolder?
  private let author: JournalEntry.Author
  private let reason: String?

  /// Reads the model before anything is made.
  ///
  /// - Parameters:
  ///   - path: the folder of the registry; made where a model is promoted.
  ///   - author: the name of who decides.
  ///   - reason: one sentence of theirs.
  package init(_ wish: Wish, in path: String, author: String?, reason: String?) throws {
    let root = URL(filePath: path)
    if case .promote(let name, _) = wish {
      model = try ModelFolder(name)
      registry = try Registry(creating: root)
    } else {
      model = nil
      registry = try Registry(opening: root)
    }
    self.wish = wish
    self.author = JournalEntry.Author(isAutomatic: false, name: author)
    self.reason = reason
  }

  /// Does it, and returns what was written down, in order.
  @discardableResult package func grant(at time: Double) throws -> [JournalEntry] {
    switch (wish, model) {
    case (.promote(_, let canary), let model?): return try promote(model, canary, time)
    case (.promote, nil): preconditionFailure("a model was read")
    case (.complete, _): return [try registry.complete(statement("a person completed the canary", time))]
    case (.abort, _): return [try registry.abort(statement("a person aborted the canary", time))]
    case (.rollBack, _): return [try registry.rollBack(statement("a person rolled back", time))]
    }
  }

  private func promote(_ folder: ModelFolder, _ canary: Canary?, _ time: Double) throws -> [JournalEntry] {
    let parts = VersionParts(folder, prices: nil)
    try check(folder, parts, against: registry.pointer()?.pointer)
    let added = try registry.add(parts, version: OckhamVersion.text, statement("a person brought it in", time))
    let salt = RegistryPointer.makeSalt()
    guard let canary else {
      return [
        added,
        try registry.promote(added.version, salt: salt, statement("a person promoted it without a canary", time)),
      ]
    }
    let start = statement("a person started a canary", time)
    return [
      added,
      try registry.startCanary(
        of: added.version, share: canary.share, salt: salt, under: canary.conditions, start),
    ]
  }

  /// A candidate has the tiers of what serves, and decides otherwise in something: what cannot be compared is no canary.
  private func check(_ folder: ModelFolder, _ parts: VersionParts, against pointer: RegistryPointer?) throws {
    guard let pointer else { return }
    let lock = try registry.lock(of: pointer.incumbent)
    guard !parts.lock(frozenAt: lock.frozenAt, parent: nil, version: "").hasSameParts(as: lock) else {
      throw WorkflowError.refused(
        "\(folder.url.path): expected another model than the one that serves, found the same (\(pointer.incumbent.prefix(12))); it "
          + "serves already")
    }
    let serving = try ModelFolder(registry.folder(of: pointer.incumbent).appending(path: "model.safetensors").path)
    guard serving.model.tierNames == folder.model.tierNames else {
      throw WorkflowError.badData(
        "\(folder.url.path): expected the tiers of the version that serves, \(SafeText.names(serving.model.tierNames)), found "
          + "\(SafeText.names(folder.model.tierNames)); train with these tiers, or begin another registry")
    }
  }

  private func statement(_ otherwise: String, _ time: Double) -> Registry.Statement {
    Registry.Statement(by: author, reason: reason ?? otherwise, time: time)
  }
}
