import Testing

@testable import TextKit

@Suite struct NumberFormatTests {
  @Test func numbersReadWell() {
    #expect(NumberFormat.decimal(0.12345) == "0.123")
    #expect(NumberFormat.decimal(-0.0001) == "0.000")
    #expect(NumberFormat.decimal(nil) == "-")
    #expect(NumberFormat.decimal(.nan) == "-")
    #expect(NumberFormat.signed(0.5) == "+0.500")
    #expect(NumberFormat.signed(-0.5) == "-0.500")
    #expect(NumberFormat.percent(0.97) == "97 %")
    #expect(NumberFormat.percent(0.9755) == "97.55 %")
    #expect(NumberFormat.percent(1) == "100 %")
    #expect(NumberFormat.percent(0.97, places: 1) == "97.0 %")
    #expect(NumberFormat.count(1_234_567) == "1,234,567")
    #expect(NumberFormat.count(-1_234) == "-1,234")
    #expect(NumberFormat.count(999) == "999")
    #expect(NumberFormat.count(-999) == "-999")
  }

  @Test func amountsKeepTheirDigits() {
    #expect(NumberFormat.usd(2) == "$2.00")
    #expect(NumberFormat.usd(1_234.5) == "$1,234.50")
    #expect(NumberFormat.usd(0.001234) == "$0.001234")
    #expect(NumberFormat.usd(0.1) == "$0.10")
    #expect(NumberFormat.usd(0) == "$0")
    #expect(NumberFormat.usd(-3) == "-$3.00")
    #expect(NumberFormat.usd(nil) == "-")
  }

  @Test func axisLabelsAreShort() {
    #expect(NumberFormat.short(0.30000000000000004) == "0.3")
    #expect(NumberFormat.short(1_200) == "1200")
    #expect(NumberFormat.short(0) == "0")
    #expect(NumberFormat.short(0.00025) == "0.00025")
    #expect(NumberFormat.short(1e-9) == "1e-09")
  }

  @Test(arguments: [0.0...1, 0.44...0.83, 0...100, 0.0001...0.00072, -3...5, 17...17.001])
  func ticksAreRoundAndInside(domain: ClosedRange<Double>) {
    let scale = Scale(domain: domain, start: 0, end: 100)
    let room = (domain.upperBound - domain.lowerBound) * 1e-6
    #expect((2...7).contains(scale.ticks.count), "\(scale.ticks)")
    for tick in scale.ticks { #expect(tick >= domain.lowerBound - room && tick <= domain.upperBound + room) }
    #expect(agree(scale.pixel(domain.lowerBound), 0, within: 1e-6))
    #expect(agree(scale.pixel(domain.upperBound), 100, within: 1e-6))
  }

  @Test func domainsAreNeverEmpty() {
    #expect(Scale.domain([]) == 0...1)
    #expect(Scale.domain([.nan, 2]).upperBound > 2)
    #expect(Scale.domain([0, 0]).lowerBound < 0)
  }
}
