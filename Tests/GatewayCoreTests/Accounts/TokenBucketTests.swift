import Statistics
import Testing

@testable import GatewayCore

/// A bucket of 60 a minute, which gains one a second.
struct TokenBucketTests {
  private func bucket(after draw: Double = 0) -> TokenBucket {
    var bucket = TokenBucket(perMinute: 60, time: 100)
    bucket.draw(draw)
    return bucket
  }

  @Test func beginsFullAndStaysWithinItsCapacity() {
    var bucket = bucket()
    #expect(bucket.level == 60 && bucket.secondsUntilFull == 0 && bucket.has(60))
    bucket.advance(to: 10_000)
    bucket.draw(-5)
    #expect(bucket.level == 60, "neither time nor what is given back fills it further")
  }

  /// Time passes in many steps as in one.
  @Test(arguments: [1, 7, 100]) func stepsOfTimeAddUp(steps: Int) {
    var one = bucket(after: 60)
    var many = one
    one.advance(to: 117.5)
    for step in 1...steps { many.advance(to: 100 + 17.5 * Double(step) / Double(steps)) }
    #expect(abs(one.level - 17.5) < 1e-9 && abs(many.level - one.level) < 1e-9)
    #expect(one.remaining == 17 && abs(one.secondsUntilFull - 42.5) < 1e-9)
  }

  /// What a clock gains while it is wrong is not gained again when it is put right.
  @Test func aClockThatGoesBackFillsNothing() {
    var bucket = bucket(after: 60)
    bucket.advance(to: 110)
    bucket.advance(to: 50)
    bucket.advance(to: 110)
    #expect(bucket.level == 10)
    bucket.advance(to: .nan)
    #expect(bucket.level == 10)
  }

  /// A draw beyond the capacity would never pass: it needs a full bucket, and no more.
  @Test func largeDrawsNeedAFullBucket() {
    #expect(bucket().has(1000) && bucket().secondsUntil(1000) == 0)
    #expect(!bucket(after: 1).has(1000) && bucket(after: 1).secondsUntil(1000) == 1)
    var drawn = bucket()
    #expect(drawn.draw(1000) == 660 && drawn.level == -600, "the debt ends at ten minutes' worth")
    #expect(drawn.draw(10) == 0 && drawn.remaining == 0 && drawn.secondsUntil(1) == 601)
    #expect(drawn.draw(-660) == -660 && drawn.level == 60, "what was drawn can be given back whole")
  }

  /// A client that waits for an amount has it, whatever was drawn before.
  @Test func theWaitIsExact() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<2000 {
      let perMinute = 1 + Int(random.next() % 10_000)
      var bucket = TokenBucket(perMinute: perMinute, time: 0)
      bucket.draw(Double(random.next() % 20_000))
      let amount = Double(random.next() % 12_000)
      let wait = bucket.secondsUntil(amount)
      #expect((wait == 0) == bucket.has(amount))
      var early = bucket
      early.advance(to: wait - 0.01)
      bucket.advance(to: wait + 1e-6)
      #expect(bucket.has(amount) && (wait == 0 || !early.has(amount)), "\(perMinute) \(amount)")
    }
  }
}
