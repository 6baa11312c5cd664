/// Reads single lines of a log that come one at a time, such as from a pipe.
///
/// Ids may repeat: the decoder keeps nothing of a line but the names it has seen, so its memory does not grow with the
/// number of lines.
package struct LineDecoder {
  private let path: String
  private let document: JSONDocument
  private var decoder: RecordDecoder

  /// - Parameters:
  ///   - path: what messages call the input.
  ///   - keepsAnswers: whether outcomes keep their answers.
  /// - Throws: ``LogError/outOfMemory(path:byteCount:)``.
  package init(path: String, keepsAnswers: Bool = false) throws(LogError) {
    guard let document = JSONDocument(maximumBytes: LogOptions().maximumRecordBytes) else {
      throw .outOfMemory(path: path, byteCount: 1 << 16)
    }
    self.path = path
    decoder = RecordDecoder(path: path, keepsAnswers: keepsAnswers)
    self.document = document
  }

  /// The record in a line without its end.
  ///
  /// - Throws: a ``LogProblem`` at the given line for what ``JSONLReader`` would reject, but for repeated ids.
  package mutating func decode(_ line: some Sequence<UInt8>, number: Int) throws(LogProblem) -> LogRecord {
    let bytes = Array(line)
    do throws(RecordViolation) {
      try parse(bytes)
      let record = try decoder.decode(document.root, at: .line(number), defaultID: { "\(path):\(number)" })
      try record.validate()
      return record
    } catch {
      throw LogProblem(path: path, position: .line(number), violation: error)
    }
  }

  private func parse(_ bytes: [UInt8]) throws(RecordViolation) {
    do throws(JSONFault) {
      try document.parse(copying: bytes)
    } catch {
      throw unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe JSONLine(buffer, isFirst: false, isTerminated: true).violation(for: error)
      }
    }
  }
}
