/// How far reading has come.
package struct LogProgress: Sendable, Hashable {
  /// Bytes of the files read so far: of compressed files the compressed bytes; of a database the share of its rows.
  package var bytesRead: Int
  /// Bytes of all files; `nil` where one of them is a pipe.
  package var totalBytes: Int?

  package init(bytesRead: Int, totalBytes: Int?) {
    self.bytesRead = bytesRead
    self.totalBytes = totalBytes
  }

  /// The share that is read, from 0 to 1; `nil` where the total is unknown or 0.
  package var fraction: Double? {
    guard let totalBytes, totalBytes > 0 else { return nil }
    return min(1, Double(bytesRead) / Double(totalBytes))
  }
}
