import Foundation

/// Reads the sources of every target and fails where the layers do not hold: see README.md beside this.
let root = URL(filePath: CommandLine.arguments[1])
let layers = try Layers(URL(filePath: CommandLine.arguments[2]))
let showsCarriers = CommandLine.arguments.contains("--carriers")

var faults: [String] = []
var files = 0
var arrowCount = 0

func padded(_ text: String, _ width: Int) -> String {
  text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
}
func right(_ number: Int, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - "\(number)".count)) + "\(number)"
}

/// Folders of targets that the layers do not name.
func unlisted() throws -> [String] {
  let listed = Set(layers.lines.map(\.path))
  return ["Sources", "Training"].flatMap { parent in
    let url = root.appending(path: parent)
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return folders.sorted().map { "\(parent)/\($0)" }.filter { folder in
      guard !listed.contains(folder) else { return false }
      let files =
        FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap { $0 as? String } ?? []
      return files.contains { $0.hasSuffix(".swift") }
    }
  }
}

print(padded("target", 16) + "  files  folders  arrows  knot")
for (place, line) in layers.lines.enumerated() {
  let target = try Target(name: line.target, path: line.path, below: root)
  let knots = Knots.of(target.arrows.keys)
  files += target.files.count
  arrowCount += target.arrows.count
  print(
    padded(target.name, 16) + right(target.files.count, 7) + right(target.folders.count, 9)
      + right(target.arrows.count, 8) + "  "
      + (knots.isEmpty ? "none" : knots.map { "{" + $0.joined(separator: ", ") + "}" }.joined(separator: " ")))

  for knot in knots { faults.append("\(target.name): folders that reach each other: \(knot.joined(separator: ", "))") }
  for folder in target.folders where !line.folders.contains(folder) {
    faults.append("\(target.name)/\(folder): not in Tests/Structure/layers; say there what it stands on")
  }
  for (arrow, carriers) in target.arrows.sorted(by: { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }) {
    if showsCarriers { for carrier in carriers { print("  \(arrow.from) → \(arrow.to): \(carrier)") } }
    guard let from = line.folders.firstIndex(of: arrow.from), let to = line.folders.firstIndex(of: arrow.to), from > to
    else { continue }
    for carrier in carriers { faults.append("\(target.name): \(arrow.from) → \(arrow.to) points up: \(carrier)") }
  }
  for file in target.files where file.hasEmptyDefault {
    faults.append(
      "\(file.path): a description that ends in `default: \"\"` is empty for the next case; name every case")
  }
  for file in target.misnamed { faults.append("\(file.path): no type, extension or function in it has its name") }

  let own = Set(layers.lines.map(\.target))
  for file in target.files {
    for module in file.imports.intersection(own).sorted() where !line.mayImport.contains(module) {
      faults.append(
        "\(file.path): imports \(module), which is not among what \(target.name) may import (Tests/Structure/layers)")
    }
  }
  for module in line.mayImport
  where layers.lines.firstIndex(where: { $0.target == module }).map({ $0 < place }) ?? false {
    faults.append("layers: \(target.name) may import \(module), which stands above it")
  }
}

for folder in try unlisted() {
  faults.append("\(folder): holds Swift files and is not in the layers; say there what it stands on")
}

for fault in faults { print(fault) }
print(
  "structure: \(layers.lines.count) targets, \(files) files, \(arrowCount) arrows between folders, "
    + (faults.isEmpty ? "no knot, none points up, every name is borne" : "\(faults.count) faults"))
exit(faults.isEmpty ? 0 : 1)
