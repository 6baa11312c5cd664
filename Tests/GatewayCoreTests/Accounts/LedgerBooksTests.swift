import ChatProtocols
import Statistics
import Testing

@testable import GatewayCore

/// The books against a plain list of everything that was ever reserved and booked, added up anew for each question.
struct LedgerBooksTests {
  private struct PlainBooks {
    struct Lease {
      var key: String
      var period: UTCDay
      var estimateUSD: Double?
      var heldUSD: Double
      var end: Double
      var isHeld = true
      var isKnown = true
    }

    struct Booking {
      var key: String
      var period: UTCDay
      var usd: Double
      var unpriced: Int
    }

    static let leaseSeconds = 900.0
    var leases: [Lease] = []
    var bookings: [Booking] = []
    /// The latest day that a key was booked on: a clock that goes back opens no earlier one.
    var periods: [String: UTCDay] = [:]

    mutating func pass(to time: Double) {
      for place in leases.indices where leases[place].end <= time {
        leases[place].isHeld = false
        if leases[place].end + 86_400 <= time { leases[place].isKnown = false }
      }
    }

    func period(of key: String, at time: Double) -> UTCDay {
      let now = UTCDay(time: time)
      return periods[key].map { now.day > $0.day ? now : $0 } ?? now
    }

    func sums(of key: String, in period: UTCDay) -> (booked: Spend, held: Spend) {
      var (booked, held) = (Spend(), Spend())
      for booking in bookings where booking.key == key {
        if booking.period.day == period.day { booked.dayUSD += booking.usd }
        guard booking.period.month == period.month else { continue }
        booked.monthUSD += booking.usd
        booked.unpricedRequests += booking.unpriced
      }
      for lease in leases where lease.key == key && lease.isHeld {
        if lease.period.day == period.day { held.dayUSD += lease.heldUSD }
        if lease.period.month == period.month { held.monthUSD += lease.heldUSD }
      }
      return (booked, held)
    }

    /// What a refusal says; `nil` where the claim passes.
    func refusal(_ claim: Claim, in period: UTCDay) -> String? {
      let (booked, held) = sums(of: claim.key.name, in: period)
      let estimate = max(0, claim.estimateUSD ?? 0)
      for (name, spent, open, budget) in [
        ("month", booked.monthUSD, held.monthUSD, claim.key.monthlyBudgetUSD),
        ("day", booked.dayUSD, held.dayUSD, claim.key.dailyBudgetUSD),
      ] {
        guard let budget else { continue }
        func fits(_ usd: Double) -> Bool { usd < budget && usd + estimate <= budget }
        if !fits(spent + open) { return (fits(spent) ? "in progress " : "") + name }
      }
      return nil
    }

    mutating func settle(_ place: Int, _ costUSD: Double?, at time: Double) -> LedgerEntry? {
      guard leases[place].isKnown else { return nil }
      let lease = leases[place]
      periods[lease.key] = period(of: lease.key, at: time)
      (leases[place].isKnown, leases[place].isHeld) = (false, false)
      let cost = costUSD.map { max(0, $0) } ?? lease.estimateUSD
      bookings.append(
        Booking(key: lease.key, period: lease.period, usd: cost ?? 0, unpriced: cost == nil ? 1 : 0))
      return LedgerEntry(
        key: lease.key, day: lease.period.day, costUSD: cost ?? 0, unpricedRequests: cost == nil ? 1 : 0)
    }
  }

  /// A multiple of 1/64: sums of them are exact in any order.
  private static func amount(_ random: inout SplitMix64) -> Double { Double(random.next() % 64) / 64 }

  private static func key(_ name: String) -> KeyConfiguration {
    var key = KeyConfiguration(name: name, sha256: "")
    if name != "free" { key.monthlyBudgetUSD = 9 }
    if name == "both" { key.dailyBudgetUSD = 2 }
    return key
  }

  /// What a refusal is about, by its words and its pause.
  private static func subject(_ error: GatewayError) -> String {
    let name = error.message.contains("UTC month") ? "month" : "day"
    let isShort = error.retryAfterSeconds == BudgetExcess.pauseSeconds
    #expect(error.code == .budgetExceeded && isShort == error.message.contains("in progress"))
    return (isShort ? "in progress " : "") + name
  }

  /// Reservations, settlements late and twice, forgotten ones, days and months that begin, clocks that go back.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func agreeWithAPlainList(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var (books, plain) = (LedgerBooks(leaseSeconds: PlainBooks.leaseSeconds), PlainBooks())
    var reservations: [Reservation] = []
    // The evening of 30 January 2024: a month begins in two days.
    var time = 1_706_652_000.0
    for _ in 0..<250 {
      let draw = random.next() % 16
      time += draw == 0 ? 30_000 : draw == 1 ? 90_000 : draw == 2 ? 1_000 : Double(random.next() % 60)
      let name = ["free", "month", "both"][Int(random.next() % 3)]
      // One call works off sixteen leases; all that are over are to be off the books before the next.
      for _ in 0..<40 { _ = books.standing(of: Self.key(name), at: time) }
      plain.pass(to: time)
      let isBack = random.next() % 10 == 0
      if random.next() % 3 > 0 {
        let estimate = random.next() % 5 == 0 ? nil : Self.amount(&random)
        let most = random.next() % 2 == 0 ? nil : Self.amount(&random) * 2
        let claim = Claim(key: Self.key(name), tokens: 10, estimateUSD: estimate, mostUSD: most)
        let now = isBack ? time - 0.5 : time
        let period = plain.period(of: name, at: now)
        plain.periods[name] = period
        let expected = plain.refusal(claim, in: period)
        do {
          reservations.append(try books.reserve(claim, at: now))
          #expect(expected == nil)
          plain.leases.append(
            .init(
              key: name, period: period, estimateUSD: estimate, heldUSD: max(estimate ?? 0, most ?? 0),
              end: now + PlainBooks.leaseSeconds))
        } catch { #expect(Self.subject(error) == expected) }
      } else if !reservations.isEmpty {
        // Any of them, those that are settled or returned too.
        let place = reservations.count - 1 - Int(random.next() % UInt64(min(8, reservations.count)))
        let cost: Double? = random.next() % 4 == 0 ? nil : Self.amount(&random) - 0.125
        let settlement = Settlement(costUSD: cost, tokens: nil)
        let expected = plain.settle(place, cost, at: time)
        #expect(books.settle(reservations[place], settlement, at: time) == expected)
      }
      for name in ["free", "month", "both"] {
        let now = isBack ? time - 90_000 : time
        let (booked, held) = plain.sums(of: name, in: plain.period(of: name, at: now))
        let spend = books.standing(of: Self.key(name), at: now).spend
        #expect(spend.dayUSD == booked.dayUSD + held.dayUSD && spend.monthUSD == booked.monthUSD + held.monthUSD)
        #expect(spend.unpricedRequests == booked.unpricedRequests)
      }
    }
    #expect(reservations.count > 50)
  }

  /// What earlier processes booked counts where its day and month are those of now, in any order and cut into any pieces.
  @Test func entriesOfEarlierProcessesCountInTheirPeriod() {
    let noon = 1_709_208_000.0
    let today = UTCDay(time: noon).day
    let entries = [
      LedgerEntry(key: "k", day: today, costUSD: 0.5, unpricedRequests: 1),
      LedgerEntry(key: "k", day: today, costUSD: 0.25, unpricedRequests: 0),
      LedgerEntry(key: "k", day: today - 1, costUSD: 2, unpricedRequests: 2),
      LedgerEntry(key: "k", day: today - 40, costUSD: 100, unpricedRequests: 9),
      LedgerEntry(key: "other", day: today, costUSD: 7, unpricedRequests: 0),
    ]
    let key = KeyConfiguration(name: "k", sha256: "")
    var merged = entries[0]
    merged.add(entries[1])
    for list in [entries, entries.reversed(), [merged] + entries[2...]] {
      var books = LedgerBooks()
      for entry in list { books.restore([entry], at: noon) }
      #expect(
        books.standing(of: key, at: noon).spend == Spend(dayUSD: 0.75, monthUSD: 2.75, unpricedRequests: 3))
      // 29 February 2024 ends, and the month with it.
      #expect(books.standing(of: key, at: noon + 43_200).spend == Spend())
    }
  }

  /// A client that waits as it is told passes, and one that comes a second early does not.
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func whatIsToldToWaitIsEnoughAndNoMore(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var key = KeyConfiguration(name: "k", sha256: "")
    key.requestsPerMinute = 1 + Int(random.next() % 90)
    key.tokensPerMinute = 100 + Int(random.next() % 5000)
    var books = LedgerBooks()
    var time = 1e9
    var refusals = 0
    for _ in 0..<300 {
      let claim = Claim(key: key, tokens: Int(random.next() % 4000), estimateUSD: nil)
      do {
        let reservation = try books.reserve(claim, at: time)
        let used = Int(random.next() % 6000)
        _ = books.settle(reservation, Settlement(costUSD: 0, tokens: used), at: time)
      } catch {
        refusals += 1
        let wait = try #require(error.retryAfterSeconds)
        #expect(error.code == .rateLimitExceeded && wait >= 1 && wait == wait.rounded())
        var early = books
        if wait > 1 { #expect(throws: GatewayError.self) { try early.reserve(claim, at: time + wait - 1.001) } }
        time += wait
        _ = try books.reserve(claim, at: time)
      }
      time += Double(random.next() % 300) / 100
    }
    #expect(refusals > 10)
  }

  /// One answer that was far off locks a key for ten minutes at most.
  @Test(arguments: [1_000_000, Int.max]) func debtEnds(used: Int) throws {
    var key = KeyConfiguration(name: "k", sha256: "")
    key.tokensPerMinute = 60
    var books = LedgerBooks()
    let first = try books.reserve(Claim(key: key, tokens: 1, estimateUSD: nil), at: 0)
    _ = books.settle(first, Settlement(costUSD: 0, tokens: used), at: 0)
    #expect(throws: GatewayError.self) { try books.reserve(Claim(key: key, tokens: 1, estimateUSD: nil), at: 600) }
    _ = try books.reserve(Claim(key: key, tokens: 1, estimateUSD: nil), at: 601)
  }

  /// What is refused for money gives its tokens back; the request of the minute stays drawn.
  @Test func aRefusalForMoneyDrawsNoTokens() throws {
    var key = KeyConfiguration(name: "k", sha256: "")
    (key.requestsPerMinute, key.tokensPerMinute, key.dailyBudgetUSD) = (10, 100, 1)
    var books = LedgerBooks()
    #expect(throws: GatewayError.self) { try books.reserve(Claim(key: key, tokens: 70, estimateUSD: 2), at: 0) }
    let limits = books.standing(of: key, at: 0).limits
    #expect(limits.tokens?.remaining == 100 && limits.requests?.remaining == 9)
  }

  /// A reload that changes one limit begins anew, one that changes the budget alone does not.
  @Test func aReloadKeepsWhatStillFits() throws {
    var key = KeyConfiguration(name: "k", sha256: "")
    (key.requestsPerMinute, key.tokensPerMinute) = (10, 100)
    var books = LedgerBooks()
    _ = try books.reserve(Claim(key: key, tokens: 70, estimateUSD: nil), at: 0)
    key.dailyBudgetUSD = 5
    #expect(books.standing(of: key, at: 0).limits.tokens?.remaining == 30)
    key.tokensPerMinute = 200
    #expect(books.standing(of: key, at: 0).limits.tokens?.remaining == 200)
    (key.requestsPerMinute, key.tokensPerMinute) = (nil, nil)
    #expect(books.standing(of: key, at: 0).limits == RateLimitStatus())
  }
}
