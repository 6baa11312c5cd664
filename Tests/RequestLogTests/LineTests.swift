import Testing

@testable import RequestLog

@Suite struct LineTests {
  @Test func lineEndsAndBlanks() throws {
    let text =
      "\u{FEFF}" + #"{"id":"a","prompt":"x"}"# + "\r\n\r\n  \t\n" + #"{"prompt":"y"}"# + "\n" + #"{"prompt":"z"}"#
    #expect(try entries(text).map(\.record?.id) == ["a", "pieces:4", "pieces:5"])
  }

  @Test func byteOrderMarkOnlyAtTheStart() throws {
    let all = try entries(#"{"prompt":"x"}"# + "\n\u{FEFF}" + #"{"prompt":"y"}"# + "\n")
    #expect(all[1].problem?.reason == .invalidJSON)
  }

  @Test func truncatedLastLine() throws {
    let whole = #"{"id":"é","prompt":"swordfish"}"#
    for count in 1..<whole.utf8.count {
      let all = try entries(Array("{\"prompt\":\"x\"}\n".utf8) + Array(whole.utf8.prefix(count)))
      #expect(all[0].record != nil)
      #expect(all[1].problem?.reason == .truncated, "\(count)")
      #expect(all[1].problem?.description.contains("may be cut") == true)
    }
  }

  @Test func nothing() throws {
    #expect(try entries("").isEmpty)
    #expect(try entries("\n \n").isEmpty)
  }

  @Test func longLines() throws {
    let long = #"{"prompt":""# + String(repeating: "a", count: 300) + #""}"#
    let good = #"{"prompt":"x"}"#
    let options = LogOptions(maximumRecordBytes: 200)
    let all = try entries([good, long, good, long].joined(separator: "\n"), options: options)
    #expect(all.map(\.problem?.reason) == [nil, .tooLong, nil, .tooLong])
    #expect(
      all[1].problem?.description
        == "pieces:2: expected at most 200 bytes, found 313 bytes; shorten the record or raise the limit")
    #expect(all[2].record?.id == "pieces:3")
  }

  @Test func lineOfExactlyTheLimit() throws {
    let line = #"{"prompt":"xyz"}"#
    #expect(try entries(line + "\n", options: LogOptions(maximumRecordBytes: line.utf8.count))[0].record != nil)
    #expect(
      try entries(line + "\n", options: LogOptions(maximumRecordBytes: line.utf8.count - 1))[0].problem?.reason
        == .tooLong)
  }

  /// A line of 100 MB is skipped in the buffer of the first chunk.
  @Test func hugeLine() throws {
    let input = HugeLineInput(lineBytes: 100_000_000, tail: Array("\n{\"prompt\":\"x\"}\n".utf8))
    let reader = try JSONLReader(input, options: LogOptions(maximumRecordBytes: 1 << 20))
    #expect(try reader.next()?.problem?.reason == .tooLong)
    #expect(try reader.next()?.record?.id == "huge:2")
    #expect(try reader.next() == nil)
    #expect(input.largestRead <= 4 << 20)
  }

  /// Against the plainest splitting there is, over all small lengths and piece sizes.
  @Test func scannerAgainstReference() throws {
    var generator = SplitMix(state: 3)
    for round in 0..<300 {
      let alphabet: [UInt8] = [0x0A, 0x61, 0x62]
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0x61
      }
      let limit = Int.random(in: 1...8, using: &generator)
      let scanner = LineScanner(PieceInput(bytes, pieceBytes: 1 + round % 7), maximumLineBytes: limit)
      var found: [String] = []
      while let line = try scanner.next() { found.append(Self.describe(line)) }
      #expect(found == Self.reference(bytes, limit: limit))
    }
  }

  /// Lines around the size of the buffer, where it wraps and grows.
  @Test(arguments: [-65, -64, -1, 0, 1, 64, 700_000])
  func linesAroundTheChunk(difference: Int) throws {
    let long = [UInt8](repeating: 0x61, count: LineScanner.chunkBytes + difference)
    let short = [UInt8](repeating: 0x62, count: 10)
    let scanner = LineScanner(
      PieceInput(Array([short, long, short, long, short].joined(separator: [0x0A])), pieceBytes: 1 << 19),
      maximumLineBytes: 4 << 20)
    for expected in [short, long, short, long, short] {
      guard case .text(let bytes, _) = try #require(try scanner.next()) else { return #expect(Bool(false)) }
      #expect(unsafe bytes.elementsEqual(expected))
    }
    #expect(try scanner.next() == nil)
  }

  private static func describe(_ line: LineScanner.Line) -> String {
    switch line {
    case .text(let bytes, let isTerminated): unsafe String(decoding: bytes, as: UTF8.self) + (isTerminated ? "$" : "")
    case .tooLong(let byteCount): "#\(byteCount)"
    }
  }

  private static func reference(_ bytes: [UInt8], limit: Int) -> [String] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    let last = lines.removeLast()
    func text(_ line: [UInt8], _ mark: String) -> String {
      line.count > limit ? "#\(line.count)" : String(decoding: line, as: UTF8.self) + mark
    }
    return lines.map { text($0, "$") } + (last.isEmpty ? [] : [text(last, "")])
  }
}

/// A line made on the fly, so that the test itself needs no memory for it.
final class HugeLineInput: ByteInput {
  let path = "huge"
  let totalBytes: Int? = nil
  private(set) var bytesRead = 0
  private(set) var largestRead = 0
  private let lineBytes: Int
  private let tail: [UInt8]

  init(lineBytes: Int, tail: [UInt8]) {
    self.lineBytes = lineBytes
    self.tail = tail
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    largestRead = max(largestRead, buffer.count)
    let count: Int
    if bytesRead < lineBytes {
      count = min(buffer.count, lineBytes - bytesRead)
      unsafe buffer.baseAddress?.initializeMemory(as: UInt8.self, repeating: 0x61, count: count)
    } else {
      let rest = tail[(bytesRead - lineBytes)...].prefix(buffer.count)
      count = rest.count
      unsafe buffer.copyBytes(from: rest)
    }
    bytesRead += count
    return count
  }
}
