/// Memory of exactly the size that a call is told, so that the address sanitizer sees the first byte beyond it.
struct Exact<Element> {
  let pointer: UnsafeMutablePointer<Element>?
  let count: Int

  /// A copy; NULL for no elements, and for `isNull` whatever the count says.
  init(_ elements: [Element], isNull: Bool = false) {
    count = elements.count
    guard !isNull, count > 0 else {
      pointer = nil
      return
    }
    let start = UnsafeMutablePointer<Element>.allocate(capacity: count)
    start.initialize(from: elements, count: count)
    pointer = start
  }

  func free() { pointer?.deallocate() }
}
