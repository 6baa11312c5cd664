import Foundation
package import OckhamTraining
import TextKit

/// Recipes on disk: JSON objects with any of a ``Recipe``'s settings; the others keep their defaults.
package enum RecipeFile {
  /// Reads the settings of a file over the defaults, and checks them.
  package static func read(_ path: String) throws -> Recipe {
    let settings = try completed(try NamedFile(path, kind: "recipe").data, path)
    do {
      var recipe = try JSONDecoder().decode(Recipe.self, from: settings)
      recipe.forgetDefaults()
      try recipe.check()
      return recipe
    } catch let error as TrainingError {
      throw WorkflowError.badData("\(path): \(error)")
    } catch {
      throw WorkflowError.badData(
        "\(path): expected settings as train writes them, found another: \(reason(error, settings))")
    }
  }

  /// A recipe as a file holds it: every setting, keys sorted, a line end.
  package static func bytes(_ recipe: Recipe) -> [UInt8] { recipe.canonicalJSON + [UInt8(ascii: "\n")] }

  /// The settings of a file laid over the defaults.
  private static func completed(_ data: Data, _ path: String) throws -> Data {
    guard let given = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw WorkflowError.badData("\(path): expected a JSON object of settings, found another kind of file")
    }
    let defaults = try JSONSerialization.jsonObject(with: Data(bytes(.withDefaults))) as? [String: Any] ?? [:]
    return try JSONSerialization.data(withJSONObject: try merged(given, over: defaults, path, prefix: ""))
  }

  private static func merged(
    _ given: [String: Any], over defaults: [String: Any], _ path: String, prefix: String
  ) throws -> [String: Any] {
    var result = defaults
    for (name, value) in given {
      guard let standard = defaults[name] else {
        let known = defaults.keys.sorted().joined(separator: ", ")
        throw WorkflowError.badData(
          "\(path): expected one of the settings \(known), found \"\(SafeText.name(prefix + name))\"; remove it")
      }
      if let part = value as? [String: Any], let whole = standard as? [String: Any], !whole.isEmpty {
        result[name] = try merged(part, over: whole, path, prefix: "\(name).")
      } else {
        result[name] = value
      }
    }
    return result
  }

  private static func reason(_ error: any Error, _ settings: Data) -> String {
    switch error {
    case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
      "\(context.codingPath.map(\.stringValue).joined(separator: ".")): expected \(type)"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      context.codingPath.map(\.stringValue).joined(separator: ".")
    case DecodingError.dataCorrupted: misfit(settings) ?? "a number out of range"
    default: "\(error)"
    }
  }

  /// The first setting that cannot be read by itself: a number that does not fit comes without its place.
  private static func misfit(_ settings: Data) -> String? {
    func object(_ data: Data) -> [String: Any] {
      (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }
    let (given, defaults) = (object(settings), object(Data(bytes(.withDefaults))))
    return given.keys.sorted().first { name in
      let one = try? JSONSerialization.data(withJSONObject: defaults.merging([name: given[name] ?? 0]) { $1 })
      return one.flatMap { try? JSONDecoder().decode(Recipe.self, from: $0) } == nil
    }
  }
}

extension Recipe {
  /// The defaults, those that leave no mark in files included.
  fileprivate static var withDefaults: Recipe {
    var recipe = Recipe()
    (recipe.weighsByPropensity, recipe.responseHeads) = (false, true)
    (recipe.families, recipe.familyWeight) = ([:], usualFamilyWeight)
    (recipe.home, recipe.unfamiliarRise, recipe.nestedRows) = ([], usualRise, usualNestedRows)
    (recipe.frames, recipe.framePenalty) = ([], usualFramePenalty)
    return recipe
  }

  /// Takes out what leaves no mark.
  fileprivate mutating func forgetDefaults() {
    let all = Self.withDefaults
    if weighsByPropensity == all.weighsByPropensity { weighsByPropensity = nil }
    if responseHeads == all.responseHeads { responseHeads = nil }
    if families == all.families { families = nil }
    if familyWeight == all.familyWeight { familyWeight = nil }
    if home == all.home { home = nil }
    if frames == all.frames { frames = nil }
    if framePenalty == all.framePenalty { framePenalty = nil }
    if unfamiliarRise == all.unfamiliarRise { unfamiliarRise = nil }
    if nestedRows == all.nestedRows { nestedRows = nil }
  }
}
