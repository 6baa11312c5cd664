import Testing

@testable import GatewayCore

struct UTCDayTests {
  @Test(arguments: [
    (0.0, 0, 0), (86_399.9, 0, 0), (86_400, 1, 0), (951_782_400, 11_016, 361), (951_868_800, 11_017, 362),
    (-1, 0, 0), (1e300, 1_157_407, 38_026), (Double.nan, 0, 0),
  ])
  func days(time: Double, day: Int, month: Int) {
    #expect(UTCDay(time: time).day == day)
    #expect(UTCDay(time: time).month == month)
  }

  /// Every day of 150 years against a calendar that is counted day by day, leap years by their rule.
  @Test func everyDayIsInItsMonthAndLeadsToTheNext() {
    var (day, month) = (0, 0)
    for year in 1970..<2120 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for length in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        for left in stride(from: length, to: 0, by: -1) {
          let (midnight, last) = (Double(day) * 86_400, Double(day) * 86_400 + 86_399)
          #expect(UTCDay(time: midnight) == UTCDay(time: last) && UTCDay(time: last).month == month, "\(year) \(day)")
          #expect(UTCDay.secondsToNextMonth(from: midnight) == Double(left) * 86_400, "\(year) \(day)")
          #expect(UTCDay.secondsToNextMonth(from: last) == Double(left - 1) * 86_400 + 1, "\(year) \(day)")
          day += 1
        }
        month += 1
      }
    }
  }

  /// A client that waits as told is in the next period: never a moment too early.
  @Test(arguments: [0.0, 0.4, 1.5, 43_200.25, 86_398.999, 86_399.001, 86_399.999_999])
  func theWaitEndsInTheNextDay(second: Double) {
    for day in [0.0, 59, 19_782, 40_000] {
      let time = day * 86_400 + second
      let wait = UTCDay.secondsToNextDay(from: time)
      #expect(wait >= 1 && wait == wait.rounded() && wait < 86_401)
      #expect(UTCDay(time: time + wait).day == Int(day) + 1)
      let month = UTCDay(time: time + UTCDay.secondsToNextMonth(from: time)).month
      #expect(month == UTCDay(time: time).month + 1)
    }
  }
}
