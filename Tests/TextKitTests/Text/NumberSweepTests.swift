import Foundation
import Testing

@testable import TextKit

/// Numbers as people read them, over all magnitudes: what is shown reads back as what was meant.
@Suite struct NumberSweepTests {
  private static let formats: [(name: String, format: @Sendable (Double?) -> String)] = [
    ("decimal", { NumberFormat.decimal($0) }), ("signed", { NumberFormat.signed($0) }),
    ("percent", { NumberFormat.percent($0) }), ("percent of one place", { NumberFormat.percent($0, places: 1) }),
    ("usd", { NumberFormat.usd($0) }), ("usd of two places", { NumberFormat.usd($0, places: 2) }),
    ("short", { $0.map { NumberFormat.short($0) } ?? "-" }),
  ]

  @Test func whatIsNoNumberIsADash() {
    for (name, format) in Self.formats {
      for value in [nil, Double.nan, .infinity, -.infinity, .signalingNaN] { #expect(format(value) == "-", "\(name)") }
    }
  }

  /// Rounding to nothing leaves no sign behind: "-$0.00" would say that something was lost.
  @Test func noSignStandsBeforeNothing() {
    for (name, format) in Self.formats {
      for value in [-0.0, -1e-300, -4e-13, -0.000_004, -0.000_4, 0] {
        let text = format(value)
        if !text.contains(where: { "123456789".contains($0) }) {
          #expect(!text.hasPrefix("-") && !text.hasPrefix("+"), "\(name) of \(value): \(text)")
        }
      }
    }
    #expect(NumberFormat.usd(-0.004, places: 2) == "$0.00" && NumberFormat.usd(-0.006, places: 2) == "-$0.01")
  }

  /// Four significant digits, at least cents, commas between thousands.
  @Test func amountsReadBack() throws {
    for exponent in -9...11 {
      for mantissa in [1.0, 1.2345, 2.5, 4.9996, 9.9994, 9.99996] {
        for sign in [1.0, -1] {
          let amount = sign * mantissa * pow(10, Double(exponent))
          let text = NumberFormat.usd(amount)
          #expect(text.hasPrefix(sign < 0 ? "-$" : "$"))
          let digits = text.drop { !$0.isNumber }
          let parts = digits.split(separator: ".")
          #expect(parts.count == 2 && parts[1].count >= 2 && (parts[1].count == 2 || parts[1].last != "0"), "\(text)")
          #expect(String(parts[0]) == Self.grouped(parts[0].filter { $0 != "," }), "\(text)")
          let plain = String(digits.filter { $0 != "," })
          let read = try sign * #require(Double(plain), "\(text)")
          #expect(abs(read - amount) <= max(abs(amount) * 0.000_51, exponent < -8 ? 1e-12 : 0), "\(amount): \(text)")
        }
      }
    }
  }

  @Test func countsAreGroupedByThousands() {
    for value in Array(-12_345...12_345) + [Int.min, .max, 999_999, 1_000_000, -999_999, -1_000_000] {
      #expect(NumberFormat.count(value) == (value < 0 ? "-" : "") + Self.grouped("\(value.magnitude)"))
    }
  }

  /// One digit after the other, a comma before each that has a multiple of three behind it.
  private static func grouped(_ digits: some StringProtocol) -> String {
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  @Test(arguments: 2...7) func labelsKeepTheirDigits(digits: Int) throws {
    for exponent in -12...12 {
      for mantissa in [1.0, 1.5, 2.718_281_828, 9.999_999_99] {
        for sign in [1.0, -1] {
          let value = sign * mantissa * pow(10, Double(exponent))
          let text = NumberFormat.short(value, digits: digits)
          let read = try #require(Double(text), "\(text)")
          let error = abs(read - value) / abs(value)
          #expect(error <= 0.5 * pow(10, Double(2 - digits)), "\(value) as \(text)")
          #expect(text.contains("e") || !text.contains(".") || text.last != "0", "\(text)")
          // Between 10⁻⁴ and 10⁷ no one has to count an exponent.
          if mantissa < 9 { #expect(text.contains("e") == !(1e-4..<1e7).contains(abs(value)), "\(text)") }
        }
      }
    }
  }

  @Test func timesAreRoundedUpAndReadBack() throws {
    func seconds(_ text: String) throws -> Int {
      let words = text.split(separator: " ")
      let worths = ["s": 1, "min": 60, "h": 3_600]
      return try stride(from: 0, to: words.count, by: 2).reduce(0) { sum, place in
        sum + (try #require(Int(words[place]))) * (try #require(worths[String(words[place + 1])]))
      }
    }
    for whole in Array(0..<3_700) + Array(stride(from: 3_700, to: 100_000, by: 61)) {
      let read = try seconds(NumberFormat.duration(Double(whole)))
      #expect(whole < 3_600 ? read == whole : (0..<60).contains(whole - read), "\(whole)")
      #expect(NumberFormat.duration(Double(whole) + 0.25) == NumberFormat.duration(Double(whole + 1)))
    }
    #expect(NumberFormat.duration(59.5) == "1 min 0 s" && NumberFormat.duration(3_599.01) == "1 h 0 min")
  }
}
