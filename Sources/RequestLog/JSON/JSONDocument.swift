import CSimdJSON

/// Why a text is not a JSON document.
enum JSONFault: Error, Equatable {
  case empty, syntax, invalidUTF8, invalidString, invalidNumber, tooDeep, tooLong, outOfMemory
}

/// One parsed JSON text: the tape that simdjson writes, read in place.
///
/// The tape is an array of 64-bit words: the upper 8 bits are the kind, the lower 56 a payload. Containers point past
/// their end, strings into a buffer of unescaped bytes, numbers fill a second word. Source: simdjson, `doc/tape.md`.
/// Parsing again replaces the document; a ``JSONValue`` of an earlier text then reads the new one, never freed memory.
@safe final class JSONDocument {
  /// The deepest nesting that is read.
  static let maximumDepth = 1024

  /// The bytes after a text that must be readable.
  static let paddingBytes = ockham_json_padding()

  private let parser: OpaquePointer
  private var words = unsafe UnsafeBufferPointer<UInt64>(start: nil, count: 0)
  private var strings = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  /// Creates a document for texts of at most `maximumBytes` bytes; `nil` when there is no memory for the parser.
  init?(maximumBytes: Int) {
    let capacity = min(max(maximumBytes, 1 << 16), 0xFFFF_0000)
    guard let parser = unsafe ockham_json_parser_create(capacity, Self.maximumDepth) else { return nil }
    unsafe self.parser = parser
  }

  deinit { unsafe ockham_json_parser_destroy(parser) }

  /// Parses a text, and forgets the one before.
  ///
  /// - Parameter bytes: the text; ``paddingBytes`` more must be readable behind it.
  /// - Throws: ``JSONFault``; the document is then empty.
  /// - Complexity: O(bytes); allocates only when the text is the longest so far.
  func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) {
    let tape = unsafe ockham_json_parse(parser, bytes.baseAddress, bytes.count)
    unsafe words = UnsafeBufferPointer(start: tape.words, count: tape.word_count)
    unsafe strings = UnsafeBufferPointer(start: tape.strings, count: tape.string_capacity)
    if let fault = unsafe JSONFault(tape.status) { throw fault }
  }

  /// Parses a text held in an array, by a padded copy of it.
  func parse(copying text: some Sequence<UInt8>) throws(JSONFault) {
    var padded = Array(text)
    let count = padded.count
    padded.append(contentsOf: repeatElement(0, count: Self.paddingBytes))
    try unsafe padded.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
      unsafe try parse(UnsafeBufferPointer(rebasing: bytes[..<count]))
    }
  }

  /// The value that the text holds.
  /// - Precondition: a text has been parsed.
  var root: JSONValue { JSONValue(document: self, index: 1) }

  /// A word of the tape.
  @inline(__always)
  func word(_ index: Int) -> UInt64 {
    precondition(unsafe index >= 0 && index < words.count, "beyond the end of the JSON tape")
    return unsafe words[index]
  }

  /// Calls `body` with the bytes of the string at `offset` in the string buffer.
  @inline(__always)
  func withBytes<Result>(at offset: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    let capacity = unsafe strings.count
    precondition(offset >= 0 && offset + 4 <= capacity, "beyond the end of the JSON strings")
    let base = unsafe UnsafeRawPointer(strings.baseAddress!)
    let count = unsafe Int(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    precondition(offset + 4 + count <= capacity, "beyond the end of the JSON strings")
    return unsafe body(UnsafeBufferPointer(rebasing: strings[offset + 4..<offset + 4 + count]).span)
  }
}

extension JSONFault {
  /// The fault that a status of the parser stands for; `nil` for success.
  fileprivate init?(_ status: ockham_json_status) {
    switch status {
    case OCKHAM_JSON_OK: return nil
    case OCKHAM_JSON_EMPTY: self = .empty
    case OCKHAM_JSON_UTF8: self = .invalidUTF8
    case OCKHAM_JSON_STRING: self = .invalidString
    case OCKHAM_JSON_NUMBER: self = .invalidNumber
    case OCKHAM_JSON_DEPTH: self = .tooDeep
    case OCKHAM_JSON_CAPACITY: self = .tooLong
    case OCKHAM_JSON_MEMORY: self = .outOfMemory
    default: self = .syntax
    }
  }
}
