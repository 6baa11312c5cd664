/// Texts with a NUL at their end, in memory of their own, to be handed to callers in C.
///
/// A text that contains a NUL ends there for its readers. Safe: the memory is written once and lives as long as the object.
@safe final class CStrings: @unchecked Sendable {
  /// One pointer per text.
  private let pointers: [UnsafeMutablePointer<CChar>]

  init(_ texts: [String]) { unsafe pointers = texts.map { unsafe CStrings.copy($0) } }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    var index = 0
    for byte in bytes {
      unsafe pointer[index] = CChar(bitPattern: byte)
      index += 1
    }
    unsafe pointer[index] = 0
    return unsafe pointer
  }

  /// A text, valid as long as this object; `nil` beyond the last.
  subscript(index: Int) -> UnsafePointer<CChar>? {
    unsafe pointers.indices.contains(index) ? UnsafePointer(pointers[index]) : nil
  }

  deinit {
    for index in unsafe pointers.indices { unsafe pointers[index].deallocate() }
  }
}
