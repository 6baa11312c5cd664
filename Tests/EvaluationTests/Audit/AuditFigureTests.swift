import Foundation
import Statistics
import TextKit
import Testing

@testable import Evaluation

/// Figures with their intervals, layers of ratings, and dollars as they are shown.
@Suite struct AuditFigureTests {
  // MARK: Intervals

  /// Wilson's ends are the shares that a normal test with the spread of *their* share just does not reject.
  @Test(arguments: [3.0, 10, 250], [0.5, 0.9, 0.99]) func wilsonsEndsSolveTheirEquation(
    count: Double, confidence: Double
  ) throws {
    let t = StudentT.quantile((1 + confidence) / 2, degrees: 7)
    for step in 0...20 {
      let share = Double(step) / 20
      let figure = AuditFigure.wilson(share, count: count, degrees: 7, confidence: confidence)
      let (low, high) = (try #require(figure.low), try #require(figure.high))
      #expect(0 <= low && low <= share && share <= high && high <= 1)
      for end in [low, high] {
        #expect(abs(pow(share - end, 2) - t * t * end * (1 - end) / count) < 1e-12, "\(share)")
      }
    }
  }

  /// Of n draws of equal weight all outcomes are summed: the interval holds the share nearly as often as it says, for any share.
  @Test(arguments: [20, 60]) func sharesAreHeldAboutAsOftenAsStated(count: Int) throws {
    let figures = try (0...count).map { good in
      var sums = WeightedSums()
      for place in 0..<count { sums.add(place < good ? 1 : 0, weight: 3) }
      return try #require(AuditFigure.share(sums, confidence: 0.95))
    }
    var coverages: [Double] = []
    for step in 1..<40 {
      let share = Double(step) / 40
      var (term, held) = (pow(1 - share, Double(count)), 0.0)
      for good in 0...count {
        if figures[good].side(of: share) == 0 { held += term }
        term *= Double(count - good) / Double(good + 1) * share / (1 - share)
      }
      coverages.append(held)
    }
    #expect(coverages.min() ?? 0 > 0.9, "\(coverages)")
    #expect(coverages.reduce(0, +) / Double(coverages.count) > 0.95)
    #expect(coverages.reduce(0, +) / Double(coverages.count) < 0.98)
  }

  @Test func fewDrawsOrNoneAreNoShare() {
    var sums = WeightedSums()
    #expect(AuditFigure.share(sums, confidence: 0.95) == nil && sums.mean == nil && sums.effectiveCount == 0)
    sums.add(1, weight: 2)
    #expect(AuditFigure.share(sums, confidence: 0.95) == nil && sums.mean == 1 && sums.variance == nil)
  }

  @Test func otherUnitsTurnTheEndsWhereTheyTurnTheSign() {
    let figure = AuditFigure(value: 2, low: 1, high: 4, reason: "r", isModelled: true)
    let lost = figure.scaled(by: -3, less: 1)
    #expect(lost == AuditFigure(value: -7, low: -13, high: -4, reason: "r", isModelled: true))
    #expect([-14.0, -8, -3].map(lost.side) == [1, 0, -1])
    let unknown = AuditFigure.unknown("why").scaled(by: -1)
    #expect(unknown == .unknown("why") && unknown.side(of: 0) == 0)
    #expect(AuditFigure.exact(1).side(of: 1) == 0 && AuditFigure.exact(1).side(of: 0) == 1)
  }

  // MARK: Layers

  private static func sums(_ values: [Double]) -> WeightedSums {
    var sums = WeightedSums()
    for (place, value) in values.enumerated() { sums.add(value, weight: Double(1 + place % 2)) }
    return sums
  }

  /// Layers count with their own shares; one without ratings is at its worst below, at its best above, and out of the value.
  @Test func layersCountByTheirShares() throws {
    let (first, second) = (Self.sums([1, 0, 1, 1, 0, 1]), Self.sums([0, 0, 1, 0, 0.5]))
    var mean = LayeredMean()
    mean.add([first], share: 0.55, reach: 1)
    mean.add([second], share: 0.41, reach: 1)
    mean.add([WeightedSums()], share: 0.04, reach: 1)
    let figure = mean.figure(range: 0...1, fewest: 11, unit: "ratings", confidence: 0.9)
    let (one, other) = (6.0 / 9, 1.0 / 7 + 0.5 / 7)
    let sum = 0.55 * one + 0.41 * other
    let variance =
      pow(0.55, 2) * (try #require(first.variance)) + pow(0.41, 2) * (try #require(second.variance))
    let reach = StudentT.quantile(0.95, degrees: 10) * variance.squareRoot()
    #expect(agree(figure.value, sum / 0.96))
    #expect(agree(figure.low, max(0, sum - reach)) && agree(figure.high, min(1, sum + reach + 0.04)))
    let few = mean.figure(range: 0...1, fewest: 12, unit: "ratings", confidence: 0.9)
    #expect(few.value == nil && few.reason?.hasPrefix("11 ratings, at least 12 are needed; wait") == true)
    mean.add([Self.sums([1])], share: 0.02, reach: 1)
    let unrated = mean.figure(range: 0...1, fewest: 2, unit: "ratings", confidence: 0.9)
    #expect(unrated.value == nil && unrated.reason?.contains("have no ratings") == true)
  }

  @Test func aLayerThatAllAgreesOnIsNotCertain() throws {
    var mean = LayeredMean()
    mean.add([Self.sums([1, 1, 1, 1])], share: 1, reach: 1)
    let figure = mean.figure(range: 0...1, fewest: 2, unit: "ratings", confidence: 0.95)
    // The deviation of one draw more at the other end: 1 / (Kish's number of draws + 1).
    let deviation = 1 / (36.0 / 10 + 1)
    #expect(figure.value == 1 && figure.high == 1)
    #expect(agree(figure.low, 1 - StudentT.quantile(0.975, degrees: 3) * deviation))
    // What needs no rating, such as a difference of a tier to itself, is known.
    var none = LayeredMean()
    none.add([], share: 0.5, reach: 1)
    none.add([Self.sums([1, 0, 1])], share: 0.5, reach: 1)
    #expect(agree(none.figure(range: -1...1, fewest: 2, unit: "pairs", confidence: 0.95).value, 0.5 * 0.5))
  }

  // MARK: Dollars as they are shown

  /// Whatever the parts are, what is shown adds up to the shown whole, and no part is off by a unit or more.
  @Test func shownPartsAddUpWhateverTheyAre() throws {
    var random = SplitMix64(seed: 12)
    for round in 0..<200 {
      let count = 2 + random.next(below: 6)
      let scale = pow(10, Double(random.next(below: 9)) - 5)
      let amounts = (0..<count).map { _ -> Double? in
        random.next(below: 8) == 0 ? nil : (Double(random.nextUnit()) - (round % 2 == 0 ? 0 : 0.5)) * scale
      }
      var table = AuditTable("t", "T", columns: [("name", "name", .word), ("usd", "dollars", .part)])
      for amount in amounts { table.append([.text("p"), .usd(amount)]) }
      let cells = table.shown.rows.map { $0.cells[1] }
      let known = amounts.compactMap(\.self)
      #expect(cells.count == count + 1)
      guard !known.isEmpty else {
        #expect(cells.allSatisfy { $0 == AuditText.unknown })
        continue
      }
      let shown = cells.map { $0.contains("$") ? Double($0.filter { "-.0123456789".contains($0) }) : nil }
      let whole = try #require(shown.last ?? nil)
      let places = cells[count].split(separator: ".").last?.count ?? 0
      let unit = pow(10, -Double(places))
      #expect(abs(shown.dropLast().compactMap(\.self).reduce(0, +) - whole) < 1e-3 * unit, "\(cells)")
      #expect(abs(whole - known.reduce(0, +)) <= 0.501 * unit, "\(cells) of \(amounts)")
      for (amount, text) in zip(amounts, shown) {
        #expect((amount == nil) == (text == nil))
        if let amount, let text { #expect(abs(amount - text) < 1.001 * unit, "\(cells) of \(amounts)") }
      }
    }
  }

  @Test func rowsThatAreNotShownAreCounted() {
    var table = AuditTable("t", "T", shownRows: 2, columns: [("id", "id", .word), ("n", "n", .figure)])
    for number in 0..<2 { table.append([.text("r\(number)"), .count(number)]) }
    #expect(table.hiddenRows == 0 && table.hiddenNote == nil)
    for number in 2..<1_500 { table.append([.text("r\(number)"), .count(number)]) }
    #expect(table.shown.rows.count == 2 && table.hiddenRows == 1_498)
    #expect(table.hiddenNote == "… and 1,498 more rows, with --format csv or json.")
  }

  @Test func valuesAreShownWithTheirUnits() {
    let figure = AuditFigure(value: 0.125, low: -0.05, high: 0.3)
    let shown: [(AuditValue, String)] = [
      (.text(nil), "(not named)"), (.text(""), "(not named)"), (.usd(nil), "not known"), (.usd(.nan), "not known"),
      (.usd(1_234.5), "$1,234.50"), (.usd(1.2345), "$1.23"), (.usd(0.001234), "$0.001234"), (.share(0.123), "12.3 %"),
      (.share(nil), "not known"),
      (.milliseconds(12_345), "12.3 s"), (.milliseconds(9_999), "9999 ms"), (.milliseconds(nil), "not known"),
      (.number(nil), "not known"), (.count(12_345), "12,345"), (.empty, ""),
      (.figure(figure, .share), "12.5 % (-5.0 to 30.0 %)"),
      (.figure(figure, .points), "+12.50 (-5.00 to +30.00) points"),
      (.figure(.exact(0.5), .share), "50.0 %"), (.figure(.unknown("why"), .usd), "not known"),
      (.figure(AuditFigure(value: 20, low: 10.5, high: 30), .usd), "$20.00 ($10.50 to $30.00)"),
    ]
    for (value, text) in shown { #expect(AuditText.text(value) == text) }
  }

  // MARK: Days

  /// A log that does not say when has no day, in whatever zone: neither half a sentence nor 1969.
  @Test(arguments: ["UTC", "America/New_York", "Asia/Tokyo"]) func timesThatAreNotKnownAreSaidToBe(zone: String) throws
  {
    let clock = AuditClock(zone: try #require(TimeZone(identifier: zone)))
    for time in [-1e6, 1e12, .infinity, -.infinity, .nan] {
      #expect(clock.day(of: time) == "not known" && clock.minute(of: time) == "not known", "\(time)")
    }
    let hour = ["UTC": "20", "Asia/Tokyo": "05", "America/New_York": "15"][zone] ?? ""
    #expect(clock.minute(of: 1_767_299_399.9).hasSuffix(" \(hour):29"))
    #expect(clock.day(of: 1_767_299_399.9) == (zone == "Asia/Tokyo" ? "2026-01-02" : "2026-01-01"))
  }
}
