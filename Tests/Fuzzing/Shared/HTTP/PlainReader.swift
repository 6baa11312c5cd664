/// What a plain reader takes from a connection that knows RFC 9112 and forgives nothing: a slow reference of framing.
///
/// Lines end with CR LF. A head has one target, one Host (HTTP/1.0 may leave it out), fields of a name, a colon and a value on
/// one line, and says the length of its body in one way, once. What follows the last request of a connection is no one's.
struct PlainReader {
  struct Request {
    var target: [UInt8]
    var body: [UInt8] = []
    var isWhole = false
  }

  private(set) var requests: [Request] = []
  /// Something was wrong, and nothing behind it counts.
  private(set) var hasFault = false
  /// A request said that it is the last, or leaves HTTP.
  private(set) var isOver = false

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    do throws(Stop) {
      while !isOver {
        // Empty lines may stand before a request (2.2).
        while place < bytes.count, bytes[place] == 0x0D || bytes[place] == 0x0A { place += 1 }
        try request()
      }
    } catch { hasFault = error == .fault }
  }

  /// Whether a protocol is of the age before Host and chunks. The decoder takes two relatives for HTTP/1.0, with its framing.
  private static let protocols = ["HTTP/1.1": false, "HTTP/1.0": true, "RTSP/1.0": true, "ICE/1.0": true]

  private enum Stop: Error { case fault, end }

  private mutating func request() throws(Stop) {
    // Several spaces may stand for one (3).
    let words = split(try line(), at: 0x20).filter { !$0.isEmpty }
    guard words.count == 3, isToken(words[0]), words[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
      let isOld = Self.protocols[String(decoding: words[2], as: UTF8.self)]
    else { throw .fault }
    let fields = try self.fields()
    let length = try length(fields, isOld: isOld)
    requests.append(Request(target: Array(words[1])))
    if let length { try content(length) } else { try chunks() }
    requests[requests.count - 1].isWhole = true
    let options = values("connection", fields).flatMap { split($0, at: UInt8(ascii: ",")) }.map(lowered)
    let upgrades = options.contains("upgrade") && !values("upgrade", fields).isEmpty
    isOver = options.contains("close") || upgrades || lowered(words[0]) == "connect"
    if isOld, !options.contains("keep-alive") { isOver = true }
  }

  /// The length of the body; `nil` for one in chunks (6.3).
  private func length(_ fields: [Field], isOld: Bool) throws(Stop) -> Int? {
    let hosts = values("host", fields).count
    guard hosts == 1 || isOld && hosts == 0 else { throw .fault }
    let (codings, lengths) = (values("transfer-encoding", fields), values("content-length", fields))
    if !codings.isEmpty {
      guard codings.map(lowered) == ["chunked"], lengths.isEmpty, !isOld else { throw .fault }
      return nil
    }
    guard let text = lengths.first else { return 0 }
    guard lengths.count == 1, let length = number(text, base: 10).flatMap({ Int(exactly: $0) }) else { throw .fault }
    return length
  }

  private mutating func content(_ count: Int) throws(Stop) {
    let part = bytes[place...].prefix(count)
    requests[requests.count - 1].body += part
    place += part.count
    if part.count < count { throw .end }
  }

  private mutating func chunks() throws(Stop) {
    while true {
      let head = try line()
      let size = head.prefix { $0 != UInt8(ascii: ";") }
      // White space may stand before an extension (7.1.1), and nowhere else.
      guard let count = number(size.count < head.count ? trimmedEnd(size) : size, base: 16) else { throw .fault }
      if count == 0 { break }
      // A chunk of more than any memory holds is one that does not end.
      try content(Int(clamping: count))
      guard try line().isEmpty else { throw .fault }
    }
    _ = try fields()
  }

  private typealias Field = (name: String, value: ArraySlice<UInt8>)

  private mutating func fields() throws(Stop) -> [Field] {
    var fields: [Field] = []
    while case let line = try line(), !line.isEmpty {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else { throw .fault }
      let value = trimmedEnd(line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 })
      guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .fault }
      fields.append((lowered(line[..<colon]), value))
    }
    return fields
  }

  private func values(_ name: String, _ fields: [Field]) -> [ArraySlice<UInt8>] {
    fields.filter { $0.name == name }.map(\.value)
  }

  /// The bytes up to the next CR LF. A CR or an LF alone ends no line (2.2).
  private mutating func line() throws(Stop) -> ArraySlice<UInt8> {
    let start = place
    while place < bytes.count {
      place += 1
      guard bytes[place - 1] != 0x0A else { throw .fault }
      guard bytes[place - 1] == 0x0D else { continue }
      guard place < bytes.count else { throw .end }
      guard bytes[place] == 0x0A else { throw .fault }
      place += 1
      return bytes[start..<place - 2]
    }
    throw .end
  }

  private func number(_ digits: ArraySlice<UInt8>, base: UInt64) -> UInt64? {
    guard !digits.isEmpty else { return nil }
    var number: UInt64 = 0
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80, value < base else { return nil }
      let (product, isLong) = number.multipliedReportingOverflow(by: base)
      let (sum, isLonger) = product.addingReportingOverflow(UInt64(value))
      guard !isLong, !isLonger else { return nil }
      number = sum
    }
    return number
  }

  private func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        return isLetter || (0x30...0x39).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }

  private func split(_ bytes: ArraySlice<UInt8>, at mark: UInt8) -> [ArraySlice<UInt8>] {
    bytes.split(separator: mark, omittingEmptySubsequences: false)
  }

  private func trimmedEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.prefix((bytes.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.startIndex - 1) + 1 - bytes.startIndex)
  }

  /// In lower case, ASCII only, without white space around.
  private func lowered(_ bytes: ArraySlice<UInt8>) -> String {
    let inner = trimmedEnd(bytes.drop { $0 == 0x20 || $0 == 0x09 })
    return String(decoding: inner.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
