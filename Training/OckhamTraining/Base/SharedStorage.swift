/// Storage that several chunks of one computation write at the same time, each its own part.
///
/// Safe as long as no two chunks write the same place, and none reads what another writes, before the parallel loop
/// ends; every caller cuts its ranges so. Places are bounds-checked.
@safe struct SharedStorage<Element: BitwiseCopyable>: @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<Element>

  fileprivate init(_ storage: UnsafeMutableBufferPointer<Element>) { unsafe self.storage = storage }

  /// Gives `body` one range to read and write.
  @inline(__always)
  func mutate<Result>(_ range: Range<Int>, _ body: (inout MutableSpan<Element>) -> Result) -> Result {
    precondition(unsafe range.lowerBound >= 0 && range.upperBound <= storage.count, "the range lies outside")
    let part = unsafe UnsafeMutableBufferPointer(rebasing: storage[range])
    var span = unsafe part.mutableSpan
    return body(&span)
  }

  /// Writes one element.
  @inline(__always)
  func store(_ element: Element, at place: Int) {
    precondition(unsafe place >= 0 && place < storage.count, "the place lies outside")
    unsafe storage[place] = element
  }
}

extension Array where Element: BitwiseCopyable {
  /// Opens the array for writing by several chunks at once; see ``SharedStorage``.
  @inline(__always)
  mutating func withSharedStorage<Result>(_ body: (SharedStorage<Element>) -> Result) -> Result {
    unsafe withUnsafeMutableBufferPointer { buffer in unsafe body(SharedStorage(buffer)) }
  }
}
