/// Paths that the gateway does not know and passes to one target as they are.
package struct PassthroughConfiguration: Sendable, Hashable {
  /// The name of the target: its provider, address and key are used.
  package var target: String

  /// `/v1/files`, or `/v1/images/*` for all below.
  package var paths: [String]

  package init(target: String, paths: [String]) {
    self.target = target
    self.paths = paths
  }

  /// Whether a path is passed on. Paths that are not plain never are: see ``isPlain(_:)``.
  package func takes(_ path: String) -> Bool {
    guard Self.isPlain(path) else { return false }
    return paths.contains { pattern in
      guard pattern.hasSuffix("/*") else { return pattern == path }
      let prefix = pattern.dropLast()
      return path.hasPrefix(prefix) && path.utf8.count > prefix.utf8.count
    }
  }

  /// Whether a path means the same to everyone who reads it: segments that are not empty, `.` or `..`, and no escapes of
  /// what separates or names them (`%2F`, `%2E`, `%25` …), of controls or of anything beyond ASCII's end of an escape.
  package static func isPlain(_ path: String) -> Bool {
    let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
    guard path.utf8.first == UInt8(ascii: "/"), !segments.isEmpty, path.utf8.count <= 2048 else { return false }
    return segments.allSatisfy { segment in
      !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
        && hasPlainBytes(Array(segment))
    }
  }

  private static func hasPlainBytes(_ segment: [UInt8]) -> Bool {
    var position = 0
    while position < segment.count {
      let byte = segment[position]
      if byte == UInt8(ascii: "%") {
        guard position + 2 < segment.count,
          segment[position + 1...position + 2].allSatisfy({ $0.isDigit || (0x61...0x66).contains($0 | 0x20) }),
          let decoded = UInt8(String(decoding: segment[position + 1...position + 2], as: UTF8.self), radix: 16),
          decoded > 0x20, decoded != 0x7F, !#"/\.%"#.utf8.contains(decoded)
        else { return false }
        position += 3
      } else {
        guard byte.isDigit || (0x61...0x7A).contains(byte | 0x20) || "-._~!$&'()*+,:@=".utf8.contains(byte) else {
          return false
        }
        position += 1
      }
    }
    return true
  }
}

extension GatewayConfiguration {
  /// The name of the target that a path is passed to; `nil` for a path that is not.
  package func passthroughTarget(of path: String) -> String? {
    passthrough.first { $0.takes(path) }?.target
  }
}
