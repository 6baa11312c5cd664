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

  @Test func magnitudesAndTimesAreShort() {
    let magnitudes = [0.25, 9.96, 42, 999, 1_234, 12_345, 1_234_567, 2.5e9].map(NumberFormat.magnitude)
    #expect(magnitudes == ["0.2", "10.0", "42", "999", "1.2k", "12k", "1.2M", "2.5G"])
    #expect([0.2, 59, 61, 7_500].map(NumberFormat.duration) == ["1 s", "59 s", "1 min 1 s", "2 h 5 min"])
  }
}
