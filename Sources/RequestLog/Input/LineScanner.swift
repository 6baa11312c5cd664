import Foundation

/// Cuts a byte stream into lines without copying them: a line is a view of the buffer, valid until the next one.
///
/// The buffer starts at ``chunkBytes`` and grows only for a line that does not fit, up to the limit; a longer line is
/// skipped piece by piece, so memory stays bounded whatever the file holds.
@safe final class LineScanner {
  /// Bytes asked of the input at a time.
  static let chunkBytes = 1 << 20

  /// One line, without its line feed.
  @safe enum Line {
    /// A line that ends in a line feed, or the last one of a file, which need not.
    case text(UnsafeBufferPointer<UInt8>, isTerminated: Bool)
    /// A line over the limit, and its length.
    case tooLong(byteCount: Int)
  }

  /// The number of the line that was returned last, from 1.
  private(set) var lineNumber = 0

  private let input: any ByteInput
  private let maximumLineBytes: Int
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var scanned = 0
  private var end = 0
  private var isAtEnd = false

  /// Creates a scanner. Behind each line, ``JSONDocument/paddingBytes`` bytes are readable.
  init(_ input: any ByteInput, maximumLineBytes: Int) {
    precondition(maximumLineBytes > 0, "a line limit must be positive")
    self.input = input
    self.maximumLineBytes = maximumLineBytes
    unsafe buffer = Self.allocate(capacity: Self.chunkBytes)
  }

  deinit { unsafe buffer.deallocate() }

  /// The next line; `nil` at the end.
  /// - Complexity: O(bytes of the line), amortised.
  func next() throws(LogError) -> Line? {
    while true {
      if let lineFeed = lineFeedIndex() { return takeLine(upTo: lineFeed) }
      if isAtEnd { return takeRest() }
      if end - start > maximumLineBytes { return try skipLongLine() }
      try refill()
    }
  }

  private var capacity: Int { unsafe buffer.count - JSONDocument.paddingBytes }

  private static func allocate(capacity: Int) -> UnsafeMutableRawBufferPointer {
    let byteCount = capacity + JSONDocument.paddingBytes
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    unsafe memset(buffer.baseAddress!, 0, byteCount)
    return unsafe buffer
  }

  private func lineFeedIndex() -> Int? {
    let base = unsafe buffer.baseAddress!
    guard scanned < end, let found = unsafe memchr(base + scanned, 0x0A, end - scanned) else {
      scanned = end
      return nil
    }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func takeLine(upTo lineFeed: Int) -> Line {
    let line = unsafe view(start..<lineFeed)
    start = lineFeed + 1
    scanned = start
    lineNumber += 1
    return unsafe line.count > maximumLineBytes
      ? .tooLong(byteCount: line.count) : .text(line, isTerminated: true)
  }

  private func takeRest() -> Line? {
    guard start < end else { return nil }
    let line = unsafe view(start..<end)
    start = end
    lineNumber += 1
    return unsafe line.count > maximumLineBytes
      ? .tooLong(byteCount: line.count) : .text(line, isTerminated: false)
  }

  private func view(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[range])
    return unsafe bytes.assumingMemoryBound(to: UInt8.self)
  }

  private func skipLongLine() throws(LogError) -> Line {
    var byteCount = 0
    while true {
      let lineFeed = lineFeedIndex()
      byteCount += (lineFeed ?? end) - start
      start = lineFeed.map { $0 + 1 } ?? end
      scanned = start
      if lineFeed != nil || isAtEnd { break }
      try refill()
    }
    lineNumber += 1
    return .tooLong(byteCount: byteCount)
  }

  /// Moves what is left to the front, makes room and reads once.
  private func refill() throws(LogError) {
    let kept = end - start
    let base = unsafe buffer.baseAddress!
    if start > 0 { unsafe memmove(base, base + start, kept) }
    (start, scanned, end) = (0, kept, kept)
    if capacity - kept < Self.chunkBytes / 2 { grow(toHold: kept + Self.chunkBytes) }
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[kept..<capacity])
    let count = try unsafe input.read(into: room)
    end += count
    isAtEnd = count == 0
  }

  private func grow(toHold byteCount: Int) {
    let wanted = max(byteCount, min(2 * capacity, maximumLineBytes + Self.chunkBytes))
    let larger = unsafe Self.allocate(capacity: wanted)
    unsafe memcpy(larger.baseAddress!, buffer.baseAddress!, end)
    unsafe buffer.deallocate()
    unsafe buffer = larger
  }
}
