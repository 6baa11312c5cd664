import Testing

@testable import ChatProtocols
@testable import Gateway

struct AdmissionTests {
  @Test func shedsBeyondItsRoom() async throws {
    let admission = Admission(running: 1, waiting: 0)
    try await admission.enter()
    await #expect(throws: GatewayError.self) { try await admission.enter() }
    admission.leave()
    try await admission.enter()
    #expect(admission.counts.running == 1)
  }

  @Test func aPlaceGoesToWhoWaits() async throws {
    let admission = Admission(running: 1, waiting: 1)
    try await admission.enter()
    let waiter = Task { try await admission.enter() }
    while admission.counts.waiting == 0 { await Task.yield() }
    admission.leave()
    try await waiter.value
    #expect(admission.counts == (1, 0))
  }

  @Test func closingSendsEverybodyAway() async throws {
    let admission = Admission(running: 1, waiting: 1)
    try await admission.enter()
    let waiter = Task { () -> GatewayError? in
      do throws(GatewayError) {
        try await admission.enter()
        return nil
      } catch { return error }
    }
    while admission.counts.waiting == 0 { await Task.yield() }
    admission.close()
    #expect(await waiter.value?.code == .shuttingDown)
    await #expect(throws: GatewayError.self) { try await admission.enter() }
  }
}
