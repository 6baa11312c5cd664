import Statistics
import Synchronization
import Testing

@testable import GatewayCore

struct BoundedCacheTests {
  @Test func theLeastRecentlyUsedMakesRoom() {
    var cache = BoundedCache<Int, String>(capacity: 2)
    cache.set("a", for: 1)
    cache.set("b", for: 2)
    #expect(cache.value(for: 1) == "a")
    cache.set("c", for: 3)
    #expect(cache.value(for: 2) == nil)
    #expect(cache.value(for: 1) == "a")
    cache.set("d", for: 3)
    #expect(cache.value(for: 3) == "d")
    #expect(cache.count == 2)
  }

  /// Against a list that is searched from its end.
  @Test func agreesWithAPlainList() {
    var cache = BoundedCache<Int, Int>(capacity: 5)
    var list: [(key: Int, value: Int)] = []
    var state: UInt64 = 1
    for step in 0..<20_000 {
      state = SplitMix64.mixed(state &+ 0x9E37_79B9_7F4A_7C15)
      let key = Int(state % 9)
      let index = list.firstIndex { $0.key == key }
      switch state >> 32 % 4 {
      case 0:
        cache.remove(key)
        if let index { list.remove(at: index) }
      case 1:
        #expect(cache.value(for: key) == index.map { list[$0].value })
        if let index { list.append(list.remove(at: index)) }
      default:
        cache.set(step, for: key)
        if let index { list.remove(at: index) }
        list.append((key, step))
        if list.count > 5 { list.removeFirst() }
      }
      #expect(cache.count == list.count)
    }
  }
}

/// Numbers in place of chance.
final class Draws: Sendable {
  private let values: Mutex<[Double]>

  init(_ values: [Double]) { self.values = Mutex(values) }

  func set(_ values: [Double]) { self.values.withLock { $0 = values } }

  /// The next number, and the first again after the last.
  func next() -> Double {
    values.withLock {
      guard !$0.isEmpty else { return 0 }
      let value = $0.removeFirst()
      $0.append(value)
      return value
    }
  }
}
