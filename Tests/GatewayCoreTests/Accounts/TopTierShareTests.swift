import Foundation
import Statistics
import Testing

@testable import GatewayCore

@Suite struct TopTierShareTests {
  private typealias Change = TopTierShare.Change

  /// Adds a block with so many decisions for the most expensive tier, and returns what became of the alarm.
  private func add(_ mostExpensive: Int, to share: inout TopTierShare) -> Change? {
    var changes: [Change] = []
    for index in 0..<TopTierShare.blockSize {
      if let change = share.add(isMostExpensive: index < mostExpensive) { changes.append(change) }
    }
    #expect(changes.count <= 1)
    return changes.first
  }

  @Test func aJumpIsToldOnceAndItsEndOnce() throws {
    var share = TopTierShare()
    for _ in 0..<10 { #expect(add(10, to: &share) == nil) }
    let usual = try #require(share.usual)
    #expect(abs(usual - 0.1) < 0.01)
    #expect(add(80, to: &share) == .raised(share: 0.8, usual: usual))
    #expect(share.isAlarmed && share.share == 0.8)
    #expect(add(90, to: &share) == nil)
    guard case .ended(share: 0.1, let later) = add(10, to: &share) else { return #expect(Bool(false), "no end") }
    #expect(later > usual && !share.isAlarmed)
    #expect(add(10, to: &share) == nil)
  }

  @Test func whoHasNoPastRaisesNoAlarm() {
    var share = TopTierShare()
    for block in 0..<TopTierShare.pastBlocks {
      #expect(share.usual == nil)
      #expect(add(block == 0 ? 0 : 100, to: &share) == nil)
    }
    #expect(share.usual != nil)
  }

  @Test func aSmallRiseIsNone() {
    var share = TopTierShare()
    for _ in 0..<30 { _ = add(2, to: &share) }
    #expect(add(21, to: &share) == nil, "certain, and yet below the least jump")
    var doubtful = TopTierShare()
    for _ in 0..<30 { _ = add(50, to: &doubtful) }
    #expect(add(74, to: &doubtful) == nil, "large enough, and yet within five standard errors")
    #expect(add(77, to: &doubtful) != nil)
  }

  @Test func aChangeThatStaysBecomesUsual() {
    var share = TopTierShare()
    for _ in 0..<100 { _ = add(10, to: &share) }
    var changes: [Int: Change] = [:]
    for block in 0..<100 { changes[block] = add(60, to: &share) }
    #expect(changes.keys.sorted().first == 0 && changes.count == 2)
    // Half of the past is forgotten in 20 blocks; four fifths of the way from 0.1 to 0.6 take log₂ 5 times as long.
    let end = changes.keys.max() ?? 0
    #expect((44...48).contains(end), "\(end)")
  }

  /// The running sums against the sums over all blocks, written out.
  @Test func forgettingIsThatOfTheSums() throws {
    var share = TopTierShare()
    var blocks: [Int] = []
    for block in 0..<60 {
      blocks.append(block * 37 % 41)
      _ = add(blocks[block], to: &share)
      guard blocks.count >= TopTierShare.pastBlocks else { continue }
      let weights = blocks.indices.map { pow(0.5, Double(blocks.count - 1 - $0) / TopTierShare.halfLife) }
      let mostExpensive = zip(weights, blocks).map { $0 * Double($1) }.reduce(0, +)
      let expected = (mostExpensive + 1) / (weights.reduce(0, +) * Double(TopTierShare.blockSize) + 2)
      #expect(abs(try #require(share.usual) - expected) < 1e-9)
    }
  }

  /// 200,000 decisions of a key whose share never changes.
  @Test func chanceRaisesNoAlarm() {
    var random = SplitMix64(seed: 11)
    for probability in [0.02, 0.1, 0.3, 0.5, 0.7] {
      var share = TopTierShare()
      var raised = 0
      for _ in 0..<200_000 {
        let draw = Double(random.next() >> 11) / Double(1 << 53)
        if share.add(isMostExpensive: draw < probability) != nil { raised += 1 }
      }
      #expect(raised == 0, "\(probability)")
    }
  }
}
