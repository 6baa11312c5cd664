/// The part of a request's text that is read: a head and a tail of fixed size over the whole request.
///
/// Segments are laid end to end in the order they were sent. Bytes before ``headBytes`` and the last ``tailBytes`` are
/// read, whatever lies between is only counted, so that the time of a score is bounded while a long context keeps both
/// its instructions (at the front) and its question (at the back).
struct TextWindow {
  static let headBytes = 16_384
  static let tailBytes = 16_384

  /// Bytes over all segments.
  let totalBytes: Int

  /// The first byte of the tail, or the end of the head where the two meet.
  private let tailStart: Int

  init(totalBytes: Int) {
    self.totalBytes = totalBytes
    self.tailStart = max(Self.headBytes, totalBytes - Self.tailBytes)
  }

  /// Bytes that are left out.
  var omittedBytes: Int { max(0, totalBytes - Self.headBytes - Self.tailBytes) }

  /// The readable parts of a segment that starts at `offset` and has `count` bytes, relative to the segment: one range,
  /// or two where the gap falls inside it; either may be empty. Without a gap everything is in the first.
  func readable(offset: Int, count: Int) -> (Range<Int>, Range<Int>) {
    if omittedBytes == 0 { return (0..<count, count..<count) }
    let headEnd = min(max(Self.headBytes - offset, 0), count)
    let tailBegin = min(max(tailStart - offset, headEnd), count)
    return (0..<headEnd, tailBegin..<count)
  }
}
