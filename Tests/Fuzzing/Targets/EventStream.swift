/// AWS's framing of streams: the bytes as they are, and as a message whose checksums are right, so that its headers are
/// read. Cut anywhere, a stream is the same events, or fails in the same way.
@c(LLVMFuzzerTestOneInput)
public func fuzzEventStream(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard input.count >= 2 else { return 0 }
  let rest = Array(input[2...])
  compare(rest, cut: Int(input[0]))
  compare(message(rest, headerBytes: Int(input[1])) + rest, cut: Int(input[0]))
  return 0
}

private func compare(_ stream: [UInt8], cut: Int) {
  let place = stream.isEmpty ? 0 : cut % stream.count
  let slow = read(stream.map { [$0] })
  for parts in [[stream], [Array(stream[..<place]), Array(stream[place...])]] {
    let reading = read(parts)
    expect(reading.fault == slow.fault, "a cut changes the fault")
    // What comes in one piece with a fault is lost with it.
    expect(reading.fault != nil || reading.events == slow.events, "a cut changes the events")
  }
  expect(slow.events.allSatisfy { $0.data.count <= stream.count }, "more than there was")
}

private struct Reading: Equatable {
  var events: [ServerSentEvent] = []
  var fault: FrameFault?
}

/// The events of a stream up to its fault.
private func read(_ parts: [[UInt8]]) -> Reading {
  var reader = EventStreamReader(maximumMessageBytes: 4096)
  var reading = Reading()
  for part in parts where reading.fault == nil {
    do throws(FrameFault) { reading.events += try reader.events(in: part) } catch { reading.fault = error }
  }
  return reading
}

/// A message with right lengths and checksums.
private func message(_ body: [UInt8], headerBytes: Int) -> [UInt8] {
  let lengths = word(16 + body.count) + word(min(headerBytes, body.count))
  let front = lengths + word(Int(CRC32.of(lengths[...]))) + body
  return front + word(Int(CRC32.of(front[...])))
}

private func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
