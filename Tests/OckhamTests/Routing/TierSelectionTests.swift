import Testing

@testable import Ockham

/// Every part of a model's tiers, against sums written out.
struct TierSelectionTests {
  private static let count = 5

  private static func model(steps: [Float]) throws -> Model {
    var fixture = ModelFixture(tiers: count, calibration: [String](repeating: "platt", count: count)).file
    fixture.set("thresholds", Tensor(name: "thresholds", shape: [count - 1], floats: steps))
    return try Model(fixture.encoded())
  }

  /// All sets of two tiers and more.
  private static let selections = (0..<1 << count).map { bits in (0..<count).filter { bits >> $0 & 1 == 1 } }
    .filter { $0.count > 1 }

  private static let stepLists: [[Float]] = [
    [0.125, 0.25, 0.5, 0.0625], [0, 0.25, 0, 0.5], [-0.5, 0.25, 0.25, -0.125], [0, 0, 0, 0], [0.5, -0.5, 0.5, -0.5],
  ]

  /// A step over tiers that are left out is the sum of the steps on the way, as where a request skips a tier.
  @Test(arguments: stepLists) func stepsAddUp(steps: [Float]) throws {
    let model = try Self.model(steps: steps)
    for places in Self.selections {
      let selection = TierSelection(places: places, of: model)
      let found = selection.thresholds(model.thresholds).increments
      for index in found.indices {
        var sum: Float = 0
        for step in places[index]..<places[index + 1] { sum += steps[step] }
        #expect(found[index] == sum, "\(places)")
      }
      #expect(found.count == places.count - 1 && selection.isPartial == (places.count < Self.count))
      #expect(TierSelection(named: selection.names, of: model) == selection && selection.tiers == TierSet(places))
    }
  }

  /// Thresholds that were chosen for a part become thresholds of the whole whose sums are those again; what is outside stays.
  @Test(arguments: stepLists) func whatIsSpreadAddsUpAgain(steps: [Float]) throws {
    let model = try Self.model(steps: steps)
    let chosen: [Float] = [0.25, -0.125, 0.5, 0.0625]
    for places in Self.selections {
      let selection = TierSelection(places: places, of: model)
      let wanted = Thresholds(increments: Array(chosen[..<(places.count - 1)]))
      let whole = selection.spreading(wanted, over: model.thresholds)
      for (index, found) in selection.thresholds(whole).increments.enumerated() {
        #expect(abs(found - wanted.increments[index]) < 1e-6, "\(places)")
      }
      let (first, last) = (places[0], places[places.count - 1])
      for step in steps.indices where step < first || step >= last { #expect(whole.increments[step] == steps[step]) }
      // Where all is used, nothing is spread.
      if places.count == Self.count { #expect(whole.increments == chosen) }
    }
  }

  /// Equal scales stay what they are; scales of a way lie between its least and its greatest, and those of one step are its own.
  @Test(arguments: stepLists) func scalesAreMeansOfTheirWay(steps: [Float]) throws {
    let model = try Self.model(steps: steps)
    let scales: [Float] = [0.5, 1, 2, 4]
    for places in Self.selections {
      let selection = TierSelection(places: places, of: model)
      for (index, scale) in selection.thresholdScales(scales).enumerated() {
        let way = Array(scales[places[index]..<places[index + 1]])
        let (least, most) = (try #require(way.min()), try #require(way.max()))
        #expect(scale >= least - 1e-6 && scale <= most + 1e-6 && (way.count > 1 || scale == way[0]), "\(places)")
        // Only steps above 0 are scaled: these count by their size, and all alike where there are none.
        let weights = (places[index]..<places[index + 1]).map { max(0, steps[$0]) }
        let sum = weights.reduce(0, +)
        let mean = zip(weights, way).reduce(Float(0)) { $0 + (sum > 0 ? $1.0 / sum : 1 / Float(way.count)) * $1.1 }
        #expect(abs(scale - mean) < 1e-6, "\(places)")
      }
      let equal = selection.thresholdScales([1.5, 1.5, 1.5, 1.5])
      #expect(equal.count == places.count - 1 && equal.allSatisfy { abs($0 - 1.5) < 1e-6 })
      #expect(selection.thresholdScales([]).isEmpty && selection.of([Int]()).isEmpty)
      #expect(selection.of([0, 1, 2, 3, 4]) == places)
    }
  }

  /// Names in another order, twice, unknown or alone make no selection.
  @Test(arguments: [
    [], ["t0"], ["t1", "t0"], ["t0", "t0"], ["t0", "t9"], ["t0", "T1"], ["t0", "t1", ""], ["t0", "t2", "t1"],
  ])
  func otherNamesAreNone(names: [String]) throws {
    #expect(TierSelection(named: names, of: try Self.model(steps: Self.stepLists[0])) == nil)
  }

  /// A model says which tiers its thresholds are for; what it says that cannot be is all of them.
  @Test(
    arguments: [
      (nil, [0, 1, 2, 3, 4]), ("t1,t3", [1, 3]), ("t0,t1,t2,t3,t4", [0, 1, 2, 3, 4]), ("", [0, 1, 2, 3, 4]),
      ("t3,t1", [0, 1, 2, 3, 4]), ("t1", [0, 1, 2, 3, 4]), ("t1,t9", [0, 1, 2, 3, 4]),
    ] as [(String?, [Int])])
  func theModelSaysWhatItWasCalibratedFor(text: String?, places: [Int]) throws {
    var file = ModelFixture(tiers: Self.count, calibration: [String](repeating: "platt", count: Self.count)).file
    file.metadata[TierSelection.metadataKey] = text
    #expect(TierSelection(calibratedOf: try Model(file.encoded())).places == places)
  }
}
