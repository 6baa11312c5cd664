import Synchronization

/// What one turn added to a conversation of Responses, and the turns before it.
///
/// Turns are shared: a hundred responses of one conversation hold each text once. A turn lives while a response or a later
/// turn holds it, and its bytes count until then.
package final class ResponseTurn: Sendable {
  /// Turns that hang on one another at most; a longer chain is copied into one turn.
  static let maximumDepth = 256

  /// Items of input and output: JSON objects with commas between.
  private let items: [UInt8]
  private let previous: ResponseTurn?
  private let depth: Int
  private let meter: ByteMeter

  /// Bytes of the items of this turn and all before it.
  package let totalBytes: Int

  init(items: [UInt8], after previous: ResponseTurn?, meter: ByteMeter) {
    let isDeep = (previous?.depth ?? 0) >= Self.maximumDepth
    let own = isDeep ? (previous?.allItems ?? []) + (items.isEmpty ? [] : [UInt8(ascii: ",")] + items) : items
    self.items = own
    self.previous = isDeep ? nil : previous
    self.meter = meter
    depth = isDeep ? 1 : (previous?.depth ?? 0) + 1
    totalBytes = (isDeep ? 0 : previous?.totalBytes ?? 0) + own.count
    meter.add(own.count)
  }

  deinit { meter.add(-items.count) }

  /// The items of the whole conversation, with commas between.
  /// - Complexity: O(bytes).
  package var allItems: [UInt8] {
    var turns: [ResponseTurn] = []
    var next: ResponseTurn? = self
    while let turn = next {
      turns.append(turn)
      next = turn.previous
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(totalBytes + turns.count)
    for turn in turns.reversed() where !turn.items.isEmpty {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: turn.items)
    }
    return bytes
  }
}

/// Counts the bytes of what lives.
final class ByteMeter: Sendable {
  private let bytes = Atomic<Int>(0)

  var count: Int { bytes.load(ordering: .relaxed) }

  func add(_ count: Int) { bytes.add(count, ordering: .relaxed) }
}
