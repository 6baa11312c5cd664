import Testing

@testable import Gateway

/// Places and seats, by what they guarantee: one may not have all, and who has less goes first.
struct FairPlacesTests {
  private let greedy = Party(1)
  private let modest = Party(2)

  /// The rule, and what follows from it for one and for two.
  @Test(arguments: [(1, 1, 1), (5, 5, 5), (9, 8, 8), (64, 57, 60), (1024, 911, 963)])
  func oneGetsEightNinths(places: Int, alone: Int, two: Int) {
    let shared = FairPlaces(places: places, seats: 0)
    while shared.enterAtOnce(greedy) == .taken {}
    #expect(shared.counts.taken == alone)
    var others = 0
    while shared.enterAtOnce(modest) == .taken { others += 1 }
    #expect(shared.counts.taken >= min(two, places) && others <= places - alone)
  }

  /// Whatever happens, no more places are taken than there are, and no one exceeds the rule at the moment of taking.
  @Test func takingAndLeavingKeepsTheCount() {
    var random = SystemRandomNumberGenerator()
    for places in 1...20 {
      let shared = FairPlaces(places: places, seats: 0)
      var held: [Party: Int] = [:]
      for _ in 0..<400 {
        let party = Party(UInt64.random(in: 0..<4, using: &random))
        let free = places - held.values.reduce(0, +)
        if Bool.random(using: &random) {
          let isTaken = shared.enterAtOnce(party) == .taken
          #expect(isTaken == (free > 0 && held[party, default: 0] < 8 * free))
          if isTaken { held[party, default: 0] += 1 }
        } else if held[party, default: 0] > 0 {
          shared.release(party)
          held[party, default: 0] -= 1
        }
        #expect(shared.counts.taken == held.values.reduce(0, +))
      }
    }
  }

  @Test(.timeLimit(.minutes(20))) func aFreePlaceGoesToWhoHoldsFewest() async {
    let shared = FairPlaces(places: 2, seats: 8)
    #expect(shared.enterAtOnce(greedy) == .taken && shared.enterAtOnce(greedy) == .taken)
    let first = Task { await shared.acquire(greedy) }
    while shared.counts.waiting < 1 { await Task.yield() }
    let second = Task { await shared.acquire(modest) }
    while shared.counts.waiting < 2 { await Task.yield() }
    shared.release(greedy)
    #expect(await second.value == .taken)
    #expect(shared.counts == (2, 1))
    shared.release(modest)
    #expect(await first.value == .taken)
  }

  /// Where all seats are taken, who has most of them loses one to somebody who has none.
  @Test(.timeLimit(.minutes(20))) func whoFillsTheSeatsLosesOne() async {
    let shared = FairPlaces(places: 1, seats: 3)
    #expect(shared.enterAtOnce(greedy) == .taken)
    var waiting: [Task<FairPlaces.Entry, Never>] = []
    for count in 1...3 {
      waiting.append(Task { await shared.acquire(greedy) })
      while shared.counts.waiting < count { await Task.yield() }
    }
    #expect(await shared.acquire(greedy) == .full)
    let other = Task { await shared.acquire(modest) }
    #expect(await waiting[2].value == .full)
    #expect(shared.counts == (1, 3))
    shared.release(greedy)
    #expect(await waiting[0].value == .taken, "of those who hold none the one who waits longest")
    shared.close()
    #expect(await waiting[1].value == .closed)
    #expect(await other.value == .closed)
    #expect(shared.enterAtOnce(modest) == .closed)
  }

  @Test(.timeLimit(.minutes(20))) func aWaitEndsWithItsDeadline() async {
    let shared = FairPlaces(places: 1, seats: 2)
    #expect(shared.enterAtOnce(greedy) == .taken)
    let wait = CallToken(now: 0, firstToken: 1, total: 1)
    let waiting = Task { await shared.acquire(modest, wait: wait) }
    while shared.counts.waiting < 1 { await Task.yield() }
    wait.check(now: 2_000_000_000)
    #expect(await waiting.value == .cancelled)
    let late = CallToken(now: 0, firstToken: 1, total: 1)
    late.cancel()
    #expect(await shared.acquire(modest, wait: late) == .cancelled)
    #expect(shared.counts == (1, 0))
  }

  @Test func bytesAreSharedToo() {
    let budget = ByteBudget(900)
    #expect(budget.take(800, for: greedy))
    #expect(!budget.take(1, for: greedy), "eight times what is free")
    #expect(budget.take(80, for: modest))
    #expect(!budget.take(100, for: modest))
    budget.giveBack(800, of: greedy)
    #expect(budget.taken == 80 && budget.take(700, for: greedy))
  }
}
