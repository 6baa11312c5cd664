import ModelFiles
import Foundation

/// Numbers that are read in place, in memory or in a file without a name: the same wherever they live, and for good.
///
/// A ``ColumnBuilder`` makes it.
@safe final class Column<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Keeps the elements where they are.
  private let home: any ColumnHome

  /// The elements, to be read while the column is alive.
  let elements: UnsafeBufferPointer<Element>

  /// Bytes on disk.
  let scratchBytes: Int

  fileprivate init(_ memory: ColumnMemory<Element>) {
    home = memory
    unsafe elements = memory.elements
    scratchBytes = 0
  }

  fileprivate init(_ mapping: ScratchMapping) {
    home = mapping
    unsafe elements = mapping.bytes.assumingMemoryBound(to: Element.self)
    scratchBytes = unsafe mapping.bytes.count
  }

  /// A column in memory.
  convenience init(_ elements: [Element]) {
    let memory = ColumnMemory<Element>()
    memory.append(elements)
    self.init(memory)
  }

  var count: Int { unsafe elements.count }

  @inline(__always)
  subscript(place: Int) -> Element {
    precondition(unsafe place >= 0 && place < elements.count, "the place lies outside")
    return unsafe elements[place]
  }

  /// A copy of some elements.
  subscript(places: Range<Int>) -> [Element] { unsafe Array(elements[places]) }
}

/// A ``Column`` in progress: elements are appended, none is read before ``seal()`` ends that.
struct ColumnBuilder<Element: BitwiseCopyable>: ~Copyable {
  private enum Storage: ~Copyable {
    case memory(ColumnMemory<Element>)
    case file(ScratchFile)
  }

  private var storage: Storage
  private(set) var count = 0

  /// - Parameter folder: where the elements are kept on disk; in memory when left out.
  init(in folder: URL? = nil) throws(FileWriteError) {
    if let folder { storage = .file(try ScratchFile(in: folder)) } else { storage = .memory(ColumnMemory()) }
  }

  /// Appends elements.
  mutating func append(_ elements: [Element]) throws(FileWriteError) {
    switch storage {
    case .memory(let memory): memory.append(elements)
    case .file(let file):
      try unsafe elements.withUnsafeBufferPointer { (elements) throws(FileWriteError) in
        try unsafe file.write(UnsafeRawBufferPointer(elements))
      }
    }
    count += elements.count
  }

  /// Ends appending.
  consuming func seal() throws(FileWriteError) -> Column<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    switch consume storage {
    case .memory(let memory): return Column(memory)
    case .file(let file): return Column(try file.map(byteCount: bytes))
    }
  }
}

/// What keeps the elements of a column: it is let go with the column.
private protocol ColumnHome: AnyObject {}

extension ScratchMapping: ColumnHome {}

/// A block of memory that grows.
@safe private final class ColumnMemory<Element: BitwiseCopyable>: ColumnHome {
  private var base: UnsafeMutablePointer<Element>?
  private var count = 0
  private var capacity = 0

  deinit { unsafe free(base) }

  var elements: UnsafeBufferPointer<Element> { unsafe UnsafeBufferPointer(start: base, count: count) }

  func append(_ elements: [Element]) {
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
}
