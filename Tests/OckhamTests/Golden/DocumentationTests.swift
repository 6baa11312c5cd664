import Foundation
import Testing

@testable import Ockham

/// The specification's tables against the code.
struct DocumentationTests {
  private func page(_ name: String) throws -> String {
    try String(contentsOf: GoldenFiles.root.appending(path: "Sources/Ockham/Ockham.docc/\(name).md"), encoding: .utf8)
  }

  @Test func everyDenseFeatureIsSpecifiedInOrder() throws {
    let text = try #require(try page("FeatureSpecification").components(separatedBy: "## Dense features").last)
    let rows = text.split(separator: "\n").filter {
      $0.hasPrefix("| ") && !$0.hasPrefix("| name") && !$0.hasPrefix("| ---")
    }
    let names = rows.flatMap { row in
      row.split(separator: "|")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(names == DenseFeatures.names)
  }

  @Test func everyFeatureOfResponsesIsSpecifiedInOrder() throws {
    let text = try #require(try page("ResponseFeatureSpecification").components(separatedBy: "## Dense features").last)
    let rows = text.components(separatedBy: "## Scores")[0].split(separator: "\n").filter {
      $0.hasPrefix("| ") && !$0.hasPrefix("| name") && !$0.hasPrefix("| ---")
    }
    let names = rows.flatMap { row in
      row.split(separator: "|")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(names == ResponseFeatures.ownNames)
  }

  @Test func tableOfHashesIsRight() throws {
    var rows = 0
    for line in try page("TestVectors").split(separator: "\n")
    where line.hasPrefix("| `") && line.split(separator: "|").count == 6 {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
      let hash = WordHash.hash(word: cells[0].utf8)
      #expect(cells[1] == hexadecimal(hash))
      for namespace in Namespace.allCases {
        #expect(cells[2 + namespace.rawValue] == String((hash &* namespace.multiplier) >> 48))
      }
      rows += 1
    }
    #expect(rows == 12)
  }

  @Test func fingerprintIsTheCurrentOne() throws {
    #expect(try page("TestVectors").contains("`\(FeatureSchema.fingerprint)`"))
  }
}
