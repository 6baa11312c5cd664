/// A stream of bytes that is read once, from front to back.
protocol ByteInput: AnyObject {
  /// What the bytes come from, for messages.
  var path: String { get }

  /// Bytes taken from the file so far: of compressed data the compressed bytes.
  var bytesRead: Int { get }

  /// Bytes of the file; `nil` where no one knows, as for a pipe.
  var totalBytes: Int? { get }

  /// Reads at most `buffer.count` bytes (at least 1) and returns how many; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int
}
