import Ockham

@testable import RequestLog

/// Logs in JSON lines, handed over in pieces. The first byte is the size of a piece, the second the limit of a line;
/// neither may change which lines there are, only what is refused as too long.
///
/// A reader's buffers cost more than reading a small log, so fifteen of sixteen inputs go, each with a line behind it that
/// ends it, through a reader that has seen others; the sixteenth is a file of its own.
@c(LLVMFuzzerTestOneInput)
public func fuzzLog(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(bytes, count)
  let pieceBytes = 1 + Int(input.byte())
  let isLimited = input.byte() >= 128
  let log = Array(input.rest)
  if pieceBytes % 16 == 0 {
    checkFile(log, pieceBytes, isLimited)
  } else {
    let stream = streams[isLimited ? 1 : 0]
    stream.source.append(log + [0x0A] + lastLine, pieceBytes)
    check(stream)
  }
  return 0
}

private let lastLine = Array(#"{"id":"the end","prompt":"x"}"#.utf8) + [0x0A]

/// A reader and what it reads.
private struct Stream {
  let source: Pieces
  let reader: JSONLReader

  init(_ log: [UInt8], _ pieceBytes: Int, isLimited: Bool, rejectsDuplicateIDs: Bool) {
    let options = LogOptions(
      maximumRecordBytes: isLimited ? 40 : 64 << 20, rejectsDuplicateIDs: rejectsDuplicateIDs)
    source = Pieces(log, pieceBytes)
    guard let reader = try? JSONLReader(source, options: options) else { fatalError("no memory") }
    self.reader = reader
  }
}

nonisolated(unsafe) private let streams = [false, true].map { isLimited in
  let stream = Stream(lastLine, 64, isLimited: isLimited, rejectsDuplicateIDs: false)
  check(stream)
  return stream
}

/// Reads up to the last line.
private func check(_ stream: Stream) {
  do throws(LogError) {
    while let entry = try stream.reader.next() {
      check(entry, lines: .max)
      if case .record(let record) = entry, record.id == "the end" { return }
    }
  } catch {}
  fatalError("the last line was not read")
}

private func checkFile(_ log: [UInt8], _ pieceBytes: Int, _ isLimited: Bool) {
  let lines = log.split(separator: 0x0A, omittingEmptySubsequences: false).count
  let reader = Stream(log, pieceBytes, isLimited: isLimited, rejectsDuplicateIDs: true).reader
  var entries = 0
  do throws(LogError) {
    while let entry = try reader.next() {
      entries += 1
      check(entry, lines: Int64(lines))
    }
    expect(try reader.next() == nil, "an entry behind the end")
  } catch { expect("\(error)".utf8.count < 4_096, "the message of an error") }
  expect(entries <= lines && reader.progress.bytesRead <= log.count, "more entries than lines")
}

private func check(_ entry: LogEntry, lines: Int64) {
  switch entry {
  case .record(let record): expect((try? record.validate()) != nil, "an invalid record was read")
  case .rejected(let problem):
    expect("\(problem)".utf8.count < 4_096, "the message of a problem")
    expect((1...lines).contains(problem.position.number), "the number of a line")
  }
}

/// Bytes handed out in pieces.
private final class Pieces: ByteInput {
  let path = "pieces"
  private(set) var bytesRead = 0
  var totalBytes: Int? { nil }
  private var rest: ArraySlice<UInt8>
  private var pieceBytes: Int

  init(_ bytes: [UInt8], _ pieceBytes: Int) { (rest, self.pieceBytes) = (bytes[...], pieceBytes) }

  func append(_ bytes: [UInt8], _ pieceBytes: Int) { (rest, self.pieceBytes) = (rest + bytes, pieceBytes) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    let piece = rest.prefix(min(pieceBytes, buffer.count))
    buffer.copyBytes(from: piece)
    rest = rest.dropFirst(piece.count)
    bytesRead += piece.count
    return piece.count
  }
}
