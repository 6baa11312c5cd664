import Ockham

@testable import RequestLog

/// Single records: as a request, and as a line of a log. What is accepted is written and read back as the same value.
@c(LLVMFuzzerTestOneInput)
public func fuzzRequest(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  nonisolated(unsafe) let state = readers
  do throws(RecordViolation) {
    _ = RequestNeeds(try state.parser.request(fromJSON: bytes))
  } catch { expect("\(error)".utf8.count < 4_096, "the message of a violation") }
  do throws(LogProblem) {
    checkRecord(try state.decoder.decode(bytes, number: 1), state)
  } catch { expect("\(error)".utf8.count < 4_096, "the message of a problem") }
  return 0
}

private final class Readers {
  let parser: RequestParser
  var decoder: LineDecoder
  var encoder = RecordEncoder()

  init() {
    guard let parser = RequestParser(), let decoder = try? LineDecoder(path: "fuzz") else { fatalError("no memory") }
    (self.parser, self.decoder) = (parser, decoder)
  }
}

nonisolated(unsafe) private let readers = Readers()

private func checkRecord(_ record: LogRecord, _ readers: Readers) {
  do throws(LogProblem) {
    let copy = try readers.decoder.decode(readers.encoder.line(for: record), number: 1)
    expect(copy == record, "the record does not read back: \(record)\n\(copy)")
    let object = readers.encoder.object(for: record.request)
    expect((try? readers.parser.request(fromJSON: object.utf8)) == record.request, "the request does not read back")
  } catch { fatalError("the written record is refused: \(error)") }
}
