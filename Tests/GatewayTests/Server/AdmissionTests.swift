import Testing

@testable import ChatProtocols
@testable import Gateway

struct AdmissionTests {
  private let party = Party(1)

  @Test func shedsBeyondItsRoom() async throws {
    let admission = Admission(running: 1, waiting: 0)
    try await admission.acquire(party, presence: ConnectionMonitor())
    await #expect(throws: GatewayError.self) { try await admission.acquire(party, presence: ConnectionMonitor()) }
    admission.release(party)
    try await admission.acquire(party, presence: ConnectionMonitor())
    #expect(admission.counts.running == 1)
  }

  @Test func aPlaceGoesToWhoWaits() async throws {
    let admission = Admission(running: 1, waiting: 1)
    try await admission.acquire(party, presence: ConnectionMonitor())
    let waiter = Task { try await admission.acquire(party, presence: ConnectionMonitor()) }
    while admission.counts.waiting == 0 { await Task.yield() }
    admission.release(party)
    try await waiter.value
    #expect(admission.counts == (1, 0))
  }

  @Test func closingSendsEverybodyAway() async throws {
    let admission = Admission(running: 1, waiting: 1)
    try await admission.acquire(party, presence: ConnectionMonitor())
    let waiter = Task { () -> GatewayError? in
      do throws(GatewayError) {
        try await admission.acquire(party, presence: ConnectionMonitor())
        return nil
      } catch { return error }
    }
    while admission.counts.waiting == 0 { await Task.yield() }
    admission.close()
    #expect(await waiter.value?.code == .shuttingDown)
    await #expect(throws: GatewayError.self) { try await admission.acquire(party, presence: ConnectionMonitor()) }
  }
}
