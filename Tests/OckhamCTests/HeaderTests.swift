import Foundation
import Testing

/// The header by itself, as C and as C++.
struct HeaderTests {
  @Test(arguments: [["c", "c11"], ["c", "c17"], ["c++", "c++11"], ["c++", "c++20"]])
  func compilesWithoutWarnings(apiFormat: [String]) throws {
    let source = FileManager.default.temporaryDirectory.appending(path: "ockham-\(UUID().uuidString).\(apiFormat[0])")
    try Data("#include <ockham.h>\nint main(void) { return OCKHAM_ABI_VERSION != 1; }\n".utf8).write(to: source)
    defer { try? FileManager.default.removeItem(at: source) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "clang", "-x", apiFormat[0], "-std=\(apiFormat[1])", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
      "-I", Files.root.appending(path: "Sources/COckham/include").path, source.path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
