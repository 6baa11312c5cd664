import Foundation
import Testing

@Suite struct RecipeAndRowsTests {
  private func train(_ arguments: [String], into folder: URL) throws -> Tool.Outcome {
    try Tool.run(["train", "--output", folder.appending(path: "m").path] + arguments + Sample.tiers)
  }

  private func model(_ folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: "m/model.safetensors"))
  }

  /// Settings that a recipe leaves out keep their defaults.
  @Test func someSettingsAreARecipe() throws {
    try Tool.withFolder { folder in
      let whole = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: Sample.shared.recipe))) as? [String: Any])
      var some = whole
      some["seed"] = nil
      some["searchRows"] = nil
      let path = folder.appending(path: "some.json")
      try JSONSerialization.data(withJSONObject: some).write(to: path)
      #expect(try train([Sample.shared.log, "--recipe", path.path], into: folder).code == 0)
      let first = try model(folder)
      #expect(try train([Sample.shared.log, "--recipe", Sample.shared.recipe], into: folder).code == 0)
      #expect(try model(folder) == first)
    }
  }

  @Test(arguments: [
    ("{\"folds\": 5, \"fold\": 3}", "\"fold\""), ("{\"network\": {\"epoch\": 3}}", "\"network.epoch\""),
    ("{\"folds\": \"five\"}", "folds: expected Int"), ("{\"folds\": 1}", "folds"), ("[5]", "JSON object"),
    ("", "JSON object"),
  ])
  func aWrongRecipeIsRefused(text: String, names: String) throws {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "r.json")
      try Data(text.utf8).write(to: path)
      let outcome = try train([Sample.shared.log, "--recipe", path.path], into: folder)
      #expect(outcome.code == 65)
      #expect(outcome.error.contains(names))
      #expect(outcome.error.contains(path.path))
    }
  }

  /// The listed rows of larger logs in any order make the model that those rows alone make.
  @Test func listedRowsMakeTheSameModelFromAnyLog() throws {
    try Tool.withFolder { folder in
      let lines = Sample.logLines(180, seed: 5)
      let kept = Array(lines[10..<170])
      let (part, all, list) = (
        folder.appending(path: "part.jsonl"), folder.appending(path: "all.jsonl"), folder.appending(path: "rows.txt")
      )
      try Data(kept.joined().utf8).write(to: part)
      try Data(lines.reversed().joined().utf8).write(to: all)
      let ids = try kept.map { line in
        let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(record?["id"] as? String)
      }
      try Data((ids.joined(separator: "\n") + "\n").utf8).write(to: list)
      #expect(try train([part.path, "--recipe", Sample.shared.recipe], into: folder).code == 0)
      let expected = try model(folder)
      let outcome = try train([all.path, "--recipe", Sample.shared.recipe, "--rows", list.path], into: folder)
      #expect(outcome.code == 0)
      #expect(try model(folder) == expected)
    }
  }

  @Test func aListThatDoesNotFitIsRefused() throws {
    try Tool.withFolder { folder in
      let list = folder.appending(path: "rows.txt")
      try Data("absent\n".utf8).write(to: list)
      let missing = try train([Sample.shared.log, "--rows", list.path], into: folder)
      #expect(missing.code == 65)
      #expect(missing.error.contains("found 1 that are not, the first in line 1"))
      try Data("a\nb\na\n".utf8).write(to: list)
      #expect(try train([Sample.shared.log, "--rows", list.path], into: folder).error.contains("each id once"))
      #expect(try train([Sample.shared.log, "--rows", list.path + "x"], into: folder).code == 66)
    }
  }
}
