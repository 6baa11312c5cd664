import COckham
import Ockham
import Testing

/// Model files that are cut short or damaged.
struct BadModelTests {
  private let bytes: [UInt8]

  init() throws { bytes = try Files.bytes(Files.models[0]) }

  private func refusal(_ bytes: [UInt8]) -> CRefusal? {
    do throws(CRefusal) { _ = try CRouter(bytes) } catch { return error }
    return nil
  }

  @Test func fileCutShortIsRefusedWithTheReasonThatSwiftGives() throws {
    for count in [0, 1, 7, 8, 9, 100, 1_000, bytes.count / 2, bytes.count - 1] {
      let cut = Array(bytes.prefix(count))
      let found = try #require(refusal(cut), "\(count) bytes")
      #expect(found.status == OCKHAM_BAD_MODEL || count == 0)
      let expected = #expect(throws: ModelFileError.self) { try Model(cut) }
      #expect(found.detail == expected?.description || count == 0)
    }
  }

  @Test func damagedHeadersNeverCrash() {
    for index in 0..<400 {
      var damaged = bytes
      damaged[index] ^= 0x15
      _ = refusal(damaged)
    }
  }

  @Test func detailIsCutToItsBuffer() {
    var router: OpaquePointer?
    for capacity in 0...40 {
      var detail = [CChar](repeating: 7, count: 41)
      let status = ockham_router_load(bytes, 5, &router, &detail, capacity)
      #expect(status == OCKHAM_BAD_MODEL && detail[capacity...].allSatisfy { $0 == 7 })
      #expect(capacity == 0 || detail[..<capacity].contains(0))
    }
    #expect(ockham_router_load(bytes, 5, &router, nil, 100) == OCKHAM_BAD_MODEL)
    #expect(ockham_router_load(bytes, -1, &router, nil, 0) == OCKHAM_BAD_MODEL)
    #expect(ockham_router_load(nil, 5, &router, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(router == nil)
  }
}
