import Testing

@testable import GatewayCore

/// Responses that are kept: for whom, how long, and how much.
struct ResponseStoreTests {
  private func store(
    entries: Int = 100, bytes: Int = 1 << 20, timeToLive: Double = 100
  ) -> ResponseStore {
    let store = ResponseStore()
    var configuration = StoredResponsesConfiguration()
    (configuration.entries, configuration.bytes, configuration.timeToLiveSeconds) = (entries, bytes, timeToLive)
    store.use(configuration)
    return store
  }

  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test func keepsNothingUntilTold() {
    let store = ResponseStore()
    store.keep("a", of: nil, body: [1], items: [2], after: nil, at: 0)
    #expect(!store.isOn && store.entry("a", of: nil, at: 0) == nil && store.standing == (0, 0))
  }

  @Test func belongsToItsKey() {
    let store = store()
    store.keep("a", of: "k", body: Array("body".utf8), items: Array("1".utf8), after: nil, at: 0)
    #expect(text(store.entry("a", of: "k", at: 1)?.body) == "body")
    #expect(store.entry("a", of: "other", at: 1) == nil)
    #expect(store.entry("a", of: nil, at: 1) == nil)
    #expect(!store.remove("a", of: "other", at: 1))
    #expect(store.remove("a", of: "k", at: 1))
    #expect(!store.remove("a", of: "k", at: 1))
    #expect(store.standing == (0, 0))
  }

  @Test func turnsAreOneConversationWhateverGoes() {
    let store = store()
    store.keep("a", of: nil, body: [], items: Array("1,2".utf8), after: nil, at: 0)
    store.keep("b", of: nil, body: [], items: Array("3".utf8), after: store.entry("a", of: nil, at: 0)?.turn, at: 0)
    #expect(store.remove("a", of: nil, at: 0))
    store.keep("c", of: nil, body: [], items: [], after: store.entry("b", of: nil, at: 0)?.turn, at: 0)
    store.keep("d", of: nil, body: [], items: Array("4".utf8), after: store.entry("c", of: nil, at: 0)?.turn, at: 0)
    #expect(text(store.entry("d", of: nil, at: 0)?.turn.allItems) == "1,2,3,4")
    #expect(store.standing.bytes == 5, "each text counts once")
  }

  @Test func endsInTime() {
    let store = store(timeToLive: 10)
    store.keep("a", of: nil, body: [1], items: [1], after: nil, at: 0)
    store.keep("b", of: nil, body: [1], items: [1], after: nil, at: 5)
    #expect(store.entry("a", of: nil, at: 9.9) != nil)
    #expect(store.entry("a", of: nil, at: 10) == nil)
    store.expire(at: 12)
    #expect(store.standing == (1, 2), "what is over is gone from memory")
    store.expire(at: 15)
    #expect(store.standing == (0, 0))
  }

  @Test func theOldestMakesRoom() {
    let store = store(entries: 3)
    for id in ["a", "b", "c"] { store.keep(id, of: nil, body: [1], items: [1], after: nil, at: 0) }
    // Looking at one does not keep it longer.
    #expect(store.entry("a", of: nil, at: 0) != nil)
    store.keep("d", of: nil, body: [1], items: [1], after: nil, at: 0)
    #expect(store.entry("a", of: nil, at: 0) == nil && store.entry("b", of: nil, at: 0) != nil)
    #expect(store.standing == (3, 6))
    store.keep("d", of: nil, body: [1, 1], items: [1], after: nil, at: 0)
    #expect(store.standing == (3, 7), "the same name again takes its place")
  }

  /// One conversation of many turns stays within its bytes, and the others go first.
  @Test func bytesAreBounded() {
    let store = store(bytes: 1000)
    store.keep("other", of: nil, body: [], items: [UInt8](repeating: 1, count: 300), after: nil, at: 0)
    var last: ResponseTurn?
    for number in 0..<50 {
      store.keep("\(number)", of: nil, body: [UInt8](repeating: 2, count: 10), items: [1, 2, 3], after: last, at: 0)
      last = store.entry("\(number)", of: nil, at: 0)?.turn
      #expect(store.standing.bytes <= 1000)
    }
    #expect(last?.allItems.count == 50 * 3 + 49)
    last = nil
    store.keep("huge", of: nil, body: [], items: [UInt8](repeating: 1, count: 1001), after: nil, at: 0)
    #expect(store.entry("huge", of: nil, at: 0) == nil && store.standing.entries > 0, "what is too large moves nothing")
    store.use(nil)
    #expect(store.standing == (0, 0), "switched off, everything is forgotten")
  }

  @Test func longChainsAreCopied() {
    let store = store(entries: 2)
    var last: ResponseTurn?
    for number in 0..<(ResponseTurn.maximumDepth * 3) {
      store.keep("\(number)", of: nil, body: [], items: [UInt8(ascii: "x")], after: last, at: 0)
      last = store.entry("\(number)", of: nil, at: 0)?.turn
    }
    let all = last?.allItems ?? []
    #expect(all.count { $0 == UInt8(ascii: "x") } == ResponseTurn.maximumDepth * 3)
    #expect(all.count { $0 == UInt8(ascii: ",") } == ResponseTurn.maximumDepth * 3 - 1)
  }
}
