/// The bytes that libFuzzer made up, to be read from the front; behind their end everything is zero.
struct FuzzInput {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    rest = Array(UnsafeBufferPointer(start: bytes, count: count))[...]
  }

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// An index below `count`, which is 1 to 65,536.
  mutating func index(below count: Int) -> Int {
    (count <= 256 ? Int(byte()) : Int(byte()) << 8 | Int(byte())) % count
  }

  mutating func word() -> UInt64 { (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) } }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// A text of up to 255 bytes, its length first; what is not UTF-8 is repaired.
  mutating func text() -> String { String(decoding: bytes(Int(byte())), as: UTF8.self) }
}

/// Ends the run where something does not hold.
@inline(__always) func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}
