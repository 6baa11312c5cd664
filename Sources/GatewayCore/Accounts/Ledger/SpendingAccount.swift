import ChatProtocols

/// What a key spent, what its open requests set aside included.
package struct Spend: Sendable, Hashable {
  package var dayUSD = 0.0
  package var monthUSD = 0.0

  /// Requests of the month whose cost nobody knows: they count here and not as money.
  package var unpricedRequests = 0

  package init(dayUSD: Double = 0, monthUSD: Double = 0, unpricedRequests: Int = 0) {
    self.dayUSD = dayUSD
    self.monthUSD = monthUSD
    self.unpricedRequests = unpricedRequests
  }
}

/// One key's money in the present UTC day and month.
struct SpendingAccount: Sendable {
  private(set) var period: UTCDay
  private(set) var spend = Spend()

  init(period: UTCDay) { self.period = period }

  /// Begins a new day or month where one has begun. A clock that goes back changes nothing.
  mutating func advance(to now: UTCDay) {
    guard now.day > period.day else { return }
    spend.dayUSD = 0
    if now.month > period.month { spend = Spend() }
    period = now
  }

  /// Adds to what of a period has not ended yet; money never falls below 0.
  mutating func add(_ usd: Double, unpriced: Int = 0, for period: UTCDay) {
    if period.day == self.period.day { spend.dayUSD = max(0, spend.dayUSD + usd) }
    guard period.month == self.period.month else { return }
    spend.monthUSD = max(0, spend.monthUSD + usd)
    spend.unpricedRequests += unpriced
  }

  /// The budget that is spent, or has less left than the estimate.
  func exceeded(by estimate: Double, _ key: KeyConfiguration) -> BudgetPeriod? {
    func isOver(_ spent: Double, _ budget: Double?) -> Bool {
      guard let budget else { return false }
      return spent >= budget || spent + estimate > budget
    }
    if isOver(spend.monthUSD, key.monthlyBudgetUSD) { return .month }
    return isOver(spend.dayUSD, key.dailyBudgetUSD) ? .day : nil
  }
}

/// What a budget runs over.
enum BudgetPeriod {
  case day, month

  /// What a client is told; Retry-After leads to the next period.
  func error(at time: Double) -> GatewayError {
    let (name, seconds) =
      self == .day
      ? ("day", UTCDay.secondsToNextDay(from: time)) : ("month", UTCDay.secondsToNextMonth(from: time))
    return GatewayError(
      .budgetExceeded,
      message: "The key's budget for this UTC \(name) does not cover the request. Wait for the next \(name), "
        + "or ask for a larger budget.", retryAfterSeconds: seconds)
  }
}
