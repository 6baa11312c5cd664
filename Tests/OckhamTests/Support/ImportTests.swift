import Foundation
import Testing

/// The runtime imports nothing, not even Foundation: it can be embedded anywhere.
struct ImportTests {
  @Test func noSourceOfTheRuntimeImportsAnything() throws {
    let folder = GoldenFiles.root.appending(path: "Sources/Ockham").resolvingSymlinksInPath()
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    #expect(files.count > 30)
    for file in files {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") { #expect(!Self.imports(line), "\(file): \(line)") }
    }
  }

  @Test(arguments: ["import Foundation", "  @_exported import A", "package import B", "@testable import C", "import"])
  func importsAreRecognised(line: String) { #expect(Self.imports(line[...])) }

  @Test(arguments: ["// import Foundation", "/// import x", "let important = 1", "reimport x"])
  func otherLinesAreNot(line: String) { #expect(!Self.imports(line[...])) }

  private static func imports(_ line: Substring) -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let index = words.firstIndex(of: "import") else { return false }
    return words[..<index].allSatisfy {
      $0.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains($0)
    }
  }
}
