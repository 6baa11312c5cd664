import Foundation

/// Numbers that are appended first and then read in place, in memory or in a ``ScratchFile``.
///
/// The same elements read the same wherever they live. Not to be appended to once it is sealed, nor read before.
@safe final class Column<Element: BitwiseCopyable>: @unchecked Sendable {
  private(set) var count = 0
  private var base: UnsafeMutablePointer<Element>?
  private var capacity = 0
  private var sealed = unsafe UnsafeBufferPointer<Element>(start: nil, count: 0)
  private let file: ScratchFile?

  /// - Parameter folder: where the elements are kept on disk; in memory when left out.
  init(in folder: URL? = nil) throws(FileWriteError) {
    if let folder { file = try ScratchFile(in: folder) } else { file = nil }
  }

  /// A sealed column in memory.
  init(_ elements: [Element]) {
    file = nil
    appendToMemory(elements)
    unsafe sealed = UnsafeBufferPointer(start: base, count: count)
  }

  deinit { unsafe free(base) }

  /// Appends elements.
  func append(_ elements: [Element]) throws(FileWriteError) {
    guard let file else { return appendToMemory(elements) }
    try unsafe elements.withUnsafeBufferPointer { (elements) throws(FileWriteError) in
      try unsafe file.write(UnsafeRawBufferPointer(elements))
    }
    count += elements.count
  }

  private func appendToMemory(_ elements: [Element]) {
    if count + elements.count > capacity { grow(toHold: count + elements.count) }
    for element in elements {
      unsafe base![count] = element
      count += 1
    }
  }

  /// Large blocks move by remapping their pages, not by copying them.
  private func grow(toHold wanted: Int) {
    capacity = max(wanted, capacity + capacity / 2, 1_024)
    let block = unsafe realloc(base, capacity * MemoryLayout<Element>.stride)
    guard let block = unsafe block else { fatalError("no memory for \(capacity) elements") }
    unsafe base = block.assumingMemoryBound(to: Element.self)
  }

  /// Ends appending; from here on the elements can be read.
  func seal() throws(FileWriteError) {
    if let file {
      unsafe sealed = try file.map().assumingMemoryBound(to: Element.self)
    } else {
      unsafe sealed = UnsafeBufferPointer(start: base, count: count)
    }
  }

  /// Bytes on disk.
  var scratchBytes: Int { file?.byteCount ?? 0 }

  /// The elements, to be read while the column is alive.
  var elements: UnsafeBufferPointer<Element> { unsafe sealed }

  @inline(__always)
  subscript(place: Int) -> Element {
    precondition(unsafe place >= 0 && place < sealed.count, "the place lies outside")
    return unsafe sealed[place]
  }

  /// A copy of some elements.
  subscript(places: Range<Int>) -> [Element] { unsafe Array(sealed[places]) }
}
