/// The name that a mistyped one was probably meant to be.
package enum NearestName {
  /// The nearest of some names, where one is near enough: a third of the letters, at least one, may be wrong, missing, too
  /// many or swapped with their neighbour, whatever their case; or the name goes on where the text ends. The first of
  /// several that are equally near; `nil` where none is, and for a text of one letter.
  ///
  /// - Complexity: O(names · length²).
  package static func to(_ text: String, among names: some Sequence<String>) -> String? {
    let typed = Array(text.lowercased())
    guard (2...64).contains(typed.count) else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let letters = Array(name.lowercased())
      let isBeginning = typed.count > 2 && letters.starts(with: typed)
      let distance = isBeginning ? 1 : Self.distance(typed, letters)
      guard distance <= max(1, typed.count / 3), distance < best?.distance ?? .max else { continue }
      best = (name, distance)
    }
    return best?.name
  }

  /// How many letters must be changed, added, dropped or swapped with their neighbour to make one text of another, each
  /// place touched once. Source: optimal string alignment, after Damerau (1964).
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var before: [Int] = []
    var above = Array(0...second.count)
    for row in first.indices {
      var line = [row + 1]
      for column in second.indices {
        let isSame = first[row] == second[column]
        var least = min(above[column] + (isSame ? 0 : 1), above[column + 1] + 1, line[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, before[column - 1] + 1)
        }
        line.append(least)
      }
      (before, above) = (above, line)
    }
    return above[second.count]
  }
}
