import Evaluation
import Foundation
import ModelFiles
import Ockham
import TextKit

/// One of the two ways of routing that are replayed: a model with its thresholds, or all to one tier.
enum ReplaySide {
  case model(ModelFolder, name: String)
  case tier(String)

  /// What stands before the name of a tier that takes all.
  static let prefix = "all:"

  /// - Parameter text: `all:TIER`, or the path of a model.
  init(_ text: String) throws {
    if text.hasPrefix(Self.prefix), text.utf8.count > Self.prefix.utf8.count {
      self = .tier(String(text.dropFirst(Self.prefix.count)))
    } else {
      self = .model(try ModelFolder(text), name: text)
    }
  }

  var folder: ModelFolder? {
    if case .model(let folder, _) = self { folder } else { nil }
  }

  /// As it was named.
  var name: String {
    switch self {
    case .model(_, let name): name
    case .tier(let name): Self.prefix + name
    }
  }
}

extension ModelFolder {
  /// When the model was frozen, in seconds since 1970: as its policy lock says, where it is a version of a registry, else when its
  /// file was last written.
  var frozenTime: Double? {
    let lock = folder.appending(path: "lock.json")
    if let data = try? Data(contentsOf: lock), let node = try? JSONParser.parse([UInt8](data)),
      let text = node["frozen_at"]?.string, let time = CivilTime.seconds(ofTimestamp: text)
    {
      return time
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970
  }
}
