import TextKit

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which family of sets each row comes from.
///
/// Sets of one family resemble each other more than whatever a router will meet: one benchmark and its successor, or the tasks of
/// one generator. A model is as good on foreign traffic as it is on families that it has not seen, so these are what a
/// cross-validation leaves out, whole.
struct Families: Sendable, Equatable {
  /// Those that have rows, in the order of their names.
  let names: [String]
  /// The place of each row's family among ``names``; −1 for rows that were not asked about.
  let ofRow: [Int]
  /// The places of the families whose requests are like those that the model will serve.
  let home: Set<Int>

  /// The fewest families: with one left out, the others still leave one out to calibrate by, and learn from another.
  static let fewest = 3

  /// - Parameters:
  ///   - prefixes: by family: how ids or datasets of its rows begin.
  ///   - home: the names of those whose requests are like those that the model will serve.
  ///   - rows: those that must have a family.
  /// - Throws: ``TrainingError/families(subject:expected:found:remedy:)`` for a row of none or of several, and for too few families.
  init(
    _ prefixes: [String: [String]], home: [String] = [], _ dataset: Dataset, rows: [Int]
  ) throws(TrainingError) {
    let all = prefixes.keys.sorted()
    let sorted = all.map { prefixes[$0] ?? [] }
    var places = [Int](repeating: -1, count: dataset.rows)
    for row in rows {
      let (id, group) = (dataset.ids[row], dataset.groups[row])
      let fitting = sorted.indices.filter { Self.begins(id, group, sorted[$0]) }
      guard fitting.count == 1 else {
        throw .families(
          subject: "dataset '\(SafeText.name(group))'", expected: "every row in exactly one family",
          found: fitting.isEmpty ? "a row in none" : "a row in \(SafeText.names(fitting.map { all[$0] }))",
          remedy: "give one family a prefix of the dataset or of the row's id")
      }
      places[row] = fitting[0]
    }
    let present = Set(places).subtracting([-1]).sorted()
    guard present.count >= Self.fewest else {
      throw .families(
        subject: "families", expected: "rows of at least \(Self.fewest)", found: "\(present.count)",
        remedy: "add logs of other kinds, or train without families")
    }
    let names = present.map { all[$0] }
    guard home.allSatisfy(names.contains), home.isEmpty || home.count < names.count else {
      throw .families(
        subject: "home", expected: "rows of each family of it, and of others", found: SafeText.names(names),
        remedy: "add logs of these families, or leave them out of home")
    }
    self.names = names
    self.home = Set(names.indices.filter { home.contains(names[$0]) })
    let number = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
    ofRow = places.map { number[$0] ?? -1 }
  }

  private init(names: [String], ofRow: [Int], home: Set<Int>) {
    (self.names, self.ofRow, self.home) = (names, ofRow, home)
  }

  func isHome(_ row: Int) -> Bool { home.contains(ofRow[row]) }

  private static func begins(_ id: String, _ group: String, _ prefixes: [String]) -> Bool {
    prefixes.contains { id.hasPrefix($0) || group.hasPrefix($0) }
  }

  /// The same for ``Dataset/selecting(_:)``.
  func selecting(_ rows: [Int]) -> Families { Families(names: names, ofRow: rows.map { ofRow[$0] }, home: home) }

  /// The families that have some of the rows, in order, and the places of these rows.
  func parted(_ rows: [Int]) -> [(family: Int, places: [Int])] {
    var places = names.map { _ in [Int]() }
    for (place, row) in rows.enumerated() where ofRow[row] >= 0 { places[ofRow[row]].append(place) }
    return places.indices.filter { !places[$0].isEmpty }.map { ($0, places[$0]) }
  }
}

extension Dataset {
  /// The same rows with weights that let a family count by its weight to the power of 1 − `exponent`: at 0 each row counts as it
  /// does, at 1 each family the same. The weights of `rows` keep their sum.
  func weighing(_ families: Families, exponent: Double, rows: [Int]) -> Dataset {
    var factors = [Double](repeating: 1, count: self.rows)
    var (before, after) = (0.0, 0.0)
    for (_, places) in families.parted(rows) {
      let sum = places.reduce(0) { $0 + Double(weights[rows[$1]]) }
      guard sum > 0 else { continue }
      let factor = pow(sum, -exponent)
      for place in places { factors[rows[place]] = factor }
      (before, after) = (before + sum, after + sum * factor)
    }
    guard after > 0 else { return self }
    return multiplyingWeights(by: factors.map { Float($0 * before / after) })
  }
}
