extension TensorFile {
  /// The file's bytes: metadata by key, tensors in their order, the header padded with spaces to a multiple of 8 so that
  /// the data is aligned.
  ///
  /// Put tensors of wider elements first: each one then starts at a multiple of its element size.
  public func encoded() -> [UInt8] {
    var header = Array(headerText.utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var file = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    file.reserveCapacity(8 + header.count + tensors.reduce(0) { $0 + $1.bytes.count })
    file += header
    for tensor in tensors { file += tensor.bytes }
    return file
  }

  private var headerText: String {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(JSONText.quote($0.key)):\(JSONText.quote($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(JSONText.quote(tensor.name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(entries.joined(separator: ","))}"
  }
}

/// Writes JSON text.
package enum JSONText {
  /// A JSON string literal: quotes, backslashes and control characters escaped, everything else as it is.
  package static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
