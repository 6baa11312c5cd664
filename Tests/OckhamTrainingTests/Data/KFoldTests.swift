import Testing

@testable import OckhamTraining

@Suite("Folds")
struct KFoldTests {
  @Test("every row has a fold, no fold is empty, groups stay together, all small sizes", arguments: 2...5)
  func sweep(folds: Int) throws {
    let split = try KFold(folds: folds, seed: 9)
    for rows in folds...12 {
      for groupCount in folds...rows {
        let groups = (0..<rows).map { UInt64($0 % groupCount) }
        let assignment = try split.assign(groups: groups)
        #expect(Set(assignment) == Set(0..<folds))
        for row in 0..<rows { #expect(assignment[row] == assignment[row % groupCount]) }
      }
    }
  }

  @Test("single rows give folds that differ by at most one, in size and in each stratum's share")
  func balance() throws {
    let strata = (0..<1_003).map { $0 % 10 == 0 ? 1 : 0 }
    let assignment = try KFold(folds: 5, seed: 3).assign(groups: (0..<1_003).map(UInt64.init), strata: strata)
    for stratum in 0...1 {
      let counts = (0..<5).map { fold in
        strata.indices.count { assignment[$0] == fold && strata[$0] == stratum }
      }
      #expect((counts.max() ?? 9) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("one seed, one assignment, whatever the order of the rows; another seed, another one")
  func seeds() throws {
    let groups = (0..<200).map { UInt64($0 * $0 % 83) }
    let split = try KFold(folds: 4, seed: 1)
    let forward = try split.assign(groups: groups)
    let backward = try split.assign(groups: groups.reversed())
    #expect(forward == backward.reversed())
    #expect(try forward != KFold(folds: 4, seed: 2).assign(groups: groups))
  }

  @Test("too few groups, too few folds, wrong strata")
  func errors() throws {
    #expect(throws: TrainingError.parameter(name: "folds", expected: "at least 2", found: "1")) {
      try KFold(folds: 1, seed: 1)
    }
    let split = try KFold(folds: 3, seed: 1)
    #expect(throws: TrainingError.tooFewRows(subject: "3 folds, groups of rows", needed: 3, found: 2)) {
      try split.assign(groups: [1, 2, 2, 1])
    }
    #expect(throws: TrainingError.shape(subject: "strata", expected: 3, found: 1)) {
      try split.assign(groups: [1, 2, 3], strata: [0])
    }
  }
}
