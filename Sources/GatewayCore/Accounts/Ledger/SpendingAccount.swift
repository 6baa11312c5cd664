import ChatProtocols

/// What a key spent, what its open requests set aside included.
package struct Spend: Sendable, Hashable {
  package var dayUSD = 0.0
  package var monthUSD = 0.0

  /// Requests of the month whose cost no one knows: they count here and not as money.
  package var unpricedRequests = 0

  package init(dayUSD: Double = 0, monthUSD: Double = 0, unpricedRequests: Int = 0) {
    self.dayUSD = dayUSD
    self.monthUSD = monthUSD
    self.unpricedRequests = unpricedRequests
  }
}

extension Spend {
  /// Adds to the day, the month, or both; money never falls below 0.
  fileprivate mutating func add(_ usd: Double, day: Bool, month: Bool) {
    if day { dayUSD = max(0, dayUSD + usd) }
    if month { monthUSD = max(0, monthUSD + usd) }
  }
}

/// One key's money in the present UTC day and month.
struct SpendingAccount: Sendable {
  private(set) var period: UTCDay
  /// What was booked.
  private var booked = Spend()
  /// What open requests set aside.
  private var held = Spend()

  init(period: UTCDay) { self.period = period }

  /// What is spent, what open requests set aside included.
  var spend: Spend {
    Spend(
      dayUSD: booked.dayUSD + held.dayUSD, monthUSD: booked.monthUSD + held.monthUSD,
      unpricedRequests: booked.unpricedRequests)
  }

  /// Begins a new day or month where one has begun. A clock that goes back changes nothing.
  mutating func advance(to now: UTCDay) {
    guard now.day > period.day else { return }
    (booked.dayUSD, held.dayUSD) = (0, 0)
    if now.month > period.month { (booked, held) = (Spend(), Spend()) }
    period = now
  }

  /// Books in what of a period has not ended yet.
  mutating func add(_ usd: Double, unpriced: Int = 0, for period: UTCDay) {
    booked.add(usd, day: period.day == self.period.day, month: period.month == self.period.month)
    if period.month == self.period.month { booked.unpricedRequests += unpriced }
  }

  /// Sets aside, or returns a negative amount.
  mutating func hold(_ usd: Double, for period: UTCDay) {
    held.add(usd, day: period.day == self.period.day, month: period.month == self.period.month)
  }

  /// The budget that is spent, or has less left than the estimate.
  func exceeded(by estimate: Double, _ key: KeyConfiguration) -> BudgetExcess? {
    func excess(_ period: BudgetPeriod, booked: Double, held: Double, budget: Double?) -> BudgetExcess? {
      func fits(_ spent: Double) -> Bool { budget.map { spent < $0 && spent + estimate <= $0 } ?? true }
      return fits(booked + held) ? nil : BudgetExcess(period: period, mayPass: fits(booked))
    }
    return excess(.month, booked: booked.monthUSD, held: held.monthUSD, budget: key.monthlyBudgetUSD)
      ?? excess(.day, booked: booked.dayUSD, held: held.dayUSD, budget: key.dailyBudgetUSD)
  }
}

/// What a budget runs over.
enum BudgetPeriod {
  case day, month
}

/// Why a budget does not cover a request.
struct BudgetExcess {
  let period: BudgetPeriod

  /// Whether it may once the requests in progress are over, for what is set aside for them is more than they are likely to cost.
  let mayPass: Bool

  /// How long to wait for requests in progress, in seconds.
  static let pauseSeconds = 2.0

  /// What a client is told; Retry-After leads to the next period, or past the requests in progress.
  func error(at time: Double) -> GatewayError {
    let (name, seconds) =
      period == .day
      ? ("day", UTCDay.secondsToNextDay(from: time)) : ("month", UTCDay.secondsToNextMonth(from: time))
    guard !mayPass else {
      return GatewayError(
        .budgetExceeded,
        message:
          "The key's requests in progress may use up its budget for this UTC \(name). Wait until they are over, send "
          + "fewer at a time, or name smaller limits of the answer in each.", retryAfterSeconds: Self.pauseSeconds)
    }
    return GatewayError(
      .budgetExceeded,
      message: "The key's budget for this UTC \(name) does not cover the request. Wait for the next \(name), "
        + "or ask for a larger budget.", retryAfterSeconds: seconds)
  }
}
