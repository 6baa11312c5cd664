/// The UTF-8 of a file in UTF-16, as spreadsheets write it, recognised by its byte-order mark.
final class UTF16Input: ByteInput {
  private static let chunkBytes = 1 << 16

  private let input: any ByteInput
  private var isBigEndian: Bool?
  /// Bytes of half a unit, and the first half of a pair.
  private var carried: [UInt8] = []
  private var lead: UInt16?
  private var ready: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// - Parameter input: from the byte-order mark on.
  init(_ input: any ByteInput) { self.input = input }

  var path: String { input.path }
  var bytesRead: Int { input.bytesRead }
  var totalBytes: Int? { input.totalBytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    while position == ready.count, !isAtEnd { try fill() }
    let part = ready[position...].prefix(buffer.count)
    unsafe buffer.copyBytes(from: part)
    position += part.count
    return part.count
  }

  private func fill() throws(LogError) {
    var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    let input = input
    let count = try unsafe chunk.withUnsafeMutableBufferPointer { (part) throws(LogError) in
      try unsafe input.read(into: UnsafeMutableRawBufferPointer(part))
    }
    isAtEnd = count == 0
    if isAtEnd, !carried.isEmpty || lead != nil { throw broken("half a character at its end") }
    let bytes = carried + chunk[..<count]
    carried = bytes.count % 2 == 1 ? [bytes[bytes.count - 1]] : []
    (ready, position) = ([], 0)
    for place in stride(from: 0, to: bytes.count - 1, by: 2) { try take(bytes[place], bytes[place + 1]) }
  }

  private func take(_ first: UInt8, _ second: UInt8) throws(LogError) {
    guard let isBigEndian else { return isBigEndian = first == 0xFE }
    let unit = isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
    if let lead {
      guard UTF16.isTrailSurrogate(unit) else { throw broken("half a pair of surrogates") }
      self.lead = nil
      append(0x10000 + (UInt32(lead) - 0xD800) << 10 + UInt32(unit) - 0xDC00)
    } else if UTF16.isLeadSurrogate(unit) {
      lead = unit
    } else if UTF16.isTrailSurrogate(unit) {
      throw broken("half a pair of surrogates")
    } else {
      append(UInt32(unit))
    }
  }

  private func append(_ scalar: UInt32) {
    guard let scalar = Unicode.Scalar(scalar) else { return }
    UTF8.encode(scalar) { ready.append($0) }
  }

  private func broken(_ what: String) -> LogError {
    .notALog(path: path, found: "UTF-16 text with \(what)", remedy: "write it again, in UTF-8")
  }
}
