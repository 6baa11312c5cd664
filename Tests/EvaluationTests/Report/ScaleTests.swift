import Testing

@testable import Evaluation

@Suite struct ScaleTests {
  @Test(arguments: [0.0...1, 0.44...0.83, 0...100, 0.0001...0.00072, -3...5, 17...17.001])
  func ticksAreRoundAndInside(domain: ClosedRange<Double>) {
    let scale = Scale(domain: domain, start: 0, end: 100)
    let room = (domain.upperBound - domain.lowerBound) * 1e-6
    #expect((2...7).contains(scale.ticks.count), "\(scale.ticks)")
    for tick in scale.ticks { #expect(tick >= domain.lowerBound - room && tick <= domain.upperBound + room) }
    #expect(agree(scale.pixel(domain.lowerBound), 0, within: 1e-6))
    #expect(agree(scale.pixel(domain.upperBound), 100, within: 1e-6))
  }

  @Test func domainsAreNeverEmpty() {
    #expect(Scale.domain([]) == 0...1)
    #expect(Scale.domain([.nan, 2]).upperBound > 2)
    #expect(Scale.domain([0, 0]).lowerBound < 0)
  }
}
