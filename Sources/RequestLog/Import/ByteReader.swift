/// Takes the bytes of an input one by one, by way of a buffer, and counts lines.
///
/// Line ends are LF, CR LF and a lone CR; a byte-order mark at the start is skipped.
struct ByteReader {
  private static let chunkBytes = 1 << 16

  let input: any ByteInput
  /// The line of the next byte, from 1.
  private(set) var line = 1

  private var buffer = [UInt8](repeating: 0, count: chunkBytes)
  private var position = 0
  private var end = 0
  private var followsCarriageReturn = false
  private var hasStarted = false

  init(_ input: any ByteInput) { self.input = input }

  /// The next byte; `nil` at the end.
  @inline(__always)
  mutating func next() throws(LogError) -> UInt8? {
    guard try peek() != nil else { return nil }
    let byte = buffer[position]
    position += 1
    if byte == 0x0A { line += followsCarriageReturn ? 0 : 1 }
    if byte == 0x0D { line += 1 }
    followsCarriageReturn = byte == 0x0D
    return byte
  }

  /// The next byte, which stays; `nil` at the end.
  @inline(__always)
  mutating func peek() throws(LogError) -> UInt8? {
    if position == end { try refill() }
    return position < end ? buffer[position] : nil
  }

  private mutating func refill() throws(LogError) {
    end = try fill(from: 0)
    position = 0
    guard !hasStarted, end > 0 else { return }
    hasStarted = true
    while end < 3 {
      let count = try fill(from: end)
      if count == 0 { break }
      end += count
    }
    if buffer[..<end].starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if position == end { try refill() }
  }

  private mutating func fill(from start: Int) throws(LogError) -> Int {
    let input = input
    return try unsafe buffer.withUnsafeMutableBufferPointer { (bytes) throws(LogError) in
      let room = unsafe UnsafeMutableBufferPointer(rebasing: bytes[start...])
      return try unsafe input.read(into: UnsafeMutableRawBufferPointer(room))
    }
  }
}
