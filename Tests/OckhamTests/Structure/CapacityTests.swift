import Testing

@testable import Ockham

/// Storage of a fixed size must hold what is written into it.
@Suite struct CapacityTests {
  @Test func everyDenseFeatureHasItsPlace() {
    #expect(DenseFeatures.names.count <= ValueSink.capacity)
  }

  @Test func theSoftmaxTakesEveryKindOfTask() {
    #expect(TaskKind.allCases.count == TaskHead.kindCount)
  }
}
