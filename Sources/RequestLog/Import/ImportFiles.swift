/// The files of an import. Standard input can be read only once: what was looked at to find its form is kept, and read again.
package final class ImportFiles {
  /// As the caller names them; `-` is standard input.
  package let paths: [String]
  private var standardInput: ReplayedInput?

  package init(_ paths: [String]) { self.paths = paths }

  /// Opens a file to look at its first rows.
  func look(_ path: String) throws(ImportError) -> any ByteInput {
    guard path == "-" else { return try LogImport.open(path) }
    let input = ReplayedInput(try LogImport.open(path))
    standardInput = input
    return input
  }

  /// Opens a file to read it from its start.
  func open(_ path: String) throws(ImportError) -> any ByteInput {
    guard path == "-", let input = standardInput else { return try LogImport.open(path) }
    input.replay()
    return input
  }
}

/// An input that keeps what is read from it until it is read again.
private final class ReplayedInput: ByteInput {
  private let input: any ByteInput
  private var kept: [UInt8] = []
  private var position = 0
  private var isReplaying = false

  init(_ input: any ByteInput) { self.input = input }

  var path: String { input.path }
  var bytesRead: Int { input.bytesRead }
  var totalBytes: Int? { input.totalBytes }

  /// From now on what was kept is read again, then the rest.
  func replay() { isReplaying = true }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    if isReplaying, position < kept.count {
      let rest = kept[position...].prefix(buffer.count)
      unsafe buffer.copyBytes(from: rest)
      position += rest.count
      if position == kept.count { (kept, position) = ([], 0) }
      return rest.count
    }
    let count = try unsafe input.read(into: buffer)
    if !isReplaying { unsafe kept.append(contentsOf: UnsafeRawBufferPointer(buffer).prefix(count)) }
    return count
  }
}
