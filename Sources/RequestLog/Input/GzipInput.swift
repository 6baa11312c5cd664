import CZlib

/// The bytes inside a gzip file, of all its members one after the other.
///
/// Zero bytes after the last member are padding; anything else there is corruption. Source: RFC 1952.
@safe final class GzipInput: ByteInput {
  private static let chunkBytes = 1 << 18

  private let input: any ByteInput
  private let chunk: UnsafeMutableRawBufferPointer
  /// On the heap, because zlib remembers where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.betweenMembers

  private enum State { case betweenMembers, insideMember, padding, ended }

  var path: String { input.path }
  var bytesRead: Int { input.bytesRead }
  var totalBytes: Int? { input.totalBytes }

  /// Reads the compressed bytes of `input`.
  /// - Throws: ``LogError/outOfMemory(path:byteCount:)``.
  init(_ input: any ByteInput) throws(LogError) {
    self.input = input
    unsafe chunk = .allocate(byteCount: Self.chunkBytes, alignment: 64)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let gzipWindow = MAX_WBITS + 16
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, gzipWindow, ZLIB_VERSION, size) == Z_OK else {
      throw .outOfMemory(path: input.path, byteCount: 1 << 16)
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe chunk.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    let wanted = min(buffer.count, 1 << 30)
    unsafe stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(wanted)
    while unsafe state != .ended && Int(stream.pointee.avail_out) == wanted {
      guard try fill() else { break }
      try step()
    }
    return unsafe wanted - Int(stream.pointee.avail_out)
  }

  /// Makes sure that compressed bytes are at hand; `false` at a proper end.
  private func fill() throws(LogError) -> Bool {
    guard unsafe stream.pointee.avail_in == 0 else { return true }
    let count = try unsafe input.read(into: chunk)
    unsafe stream.pointee.next_in = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = UInt32(count)
    if count > 0 { return true }
    guard state != .insideMember else { throw .gzipTruncated(path: path, byteCount: bytesRead) }
    state = .ended
    return false
  }

  private func step() throws(LogError) {
    switch state {
    case .betweenMembers: beginMember()
    case .insideMember: try inflateMore()
    case .padding: try skipPadding()
    case .ended: break
    }
  }

  private func beginMember() {
    unsafe inflateReset(stream)
    state = unsafe stream.pointee.next_in.pointee == 0 ? .padding : .insideMember
  }

  private func inflateMore() throws(LogError) {
    switch unsafe inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .betweenMembers
    case Z_MEM_ERROR: throw .outOfMemory(path: path, byteCount: 1 << 16)
    default: throw corrupt(reason: unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "bad data")
    }
  }

  private func skipPadding() throws(LogError) {
    let bytes = unsafe UnsafeBufferPointer(start: stream.pointee.next_in, count: Int(stream.pointee.avail_in))
    guard unsafe bytes.allSatisfy({ $0 == 0 }) else { throw corrupt(reason: "other data after the last member") }
    unsafe stream.pointee.avail_in = 0
  }

  private func corrupt(reason: String) -> LogError {
    .gzipCorrupt(path: path, byteCount: bytesRead, reason: reason)
  }
}
