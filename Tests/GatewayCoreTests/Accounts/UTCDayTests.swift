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
}
