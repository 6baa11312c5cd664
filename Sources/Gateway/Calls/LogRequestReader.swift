import ChatProtocols
import Ockham
import RequestLog
import Synchronization

/// Reads what the router looks at from the JSON of a chat completion request, by the same code that reads logs: what a
/// model learns from and what it is asked are alike, to the byte. A second reader would have to agree with the log's on
/// every odd body, and no one would see it where it did not.
///
/// Parsers keep their buffers, so a few are shared. A long body, or one that finds all of them busy, gets its own.
enum LogRequestReader {
  /// Longer bodies would leave their buffers behind.
  private static let sharedBytes = 256 << 10
  private static let shared = (0..<4).map { _ in SharedParser() }

  /// The request in a checked body: a `RequestReader`.
  @Sendable static func read(_ body: [UInt8]) throws(GatewayError) -> Request {
    let result = body.count <= sharedBytes ? parseShared(body) : nil
    switch result ?? parse(body, with: RequestParser(maximumBytes: body.count)) {
    case .success(let request): return request
    case .failure(let error): throw error
    }
  }

  private typealias Outcome = Result<Request, GatewayError>

  private static func parseShared(_ body: [UInt8]) -> Outcome? {
    for slot in shared {
      if let outcome = slot.parser.withLockIfAvailable({ parse(body, with: $0) }) { return outcome }
    }
    return nil
  }

  private static func parse(_ body: [UInt8], with parser: RequestParser?) -> Outcome {
    guard let parser else {
      return .failure(GatewayError(.overloaded, message: "no memory to read the request"))
    }
    do { return .success(try parser.request(fromJSON: body, isFromClient: true)) } catch {
      return .failure(GatewayError(error))
    }
  }

  private final class SharedParser: Sendable {
    let parser = Mutex(RequestParser(maximumBytes: sharedBytes))
  }
}

extension GatewayError {
  /// What a client is told of a violation that the reader of logs found.
  init(_ violation: RecordViolation) {
    let code: Code =
      switch violation.reason {
      case .invalidUTF8: .invalidUTF8
      case .invalidJSON, .truncated, .tooDeep, .tooLong: .invalidJSON
      case .wrongType, .notAnObject: .invalidType
      case .missingField, .missingRequest: .missingParameter
      case .emptyArray: .emptyArray
      case .duplicateKey: .duplicateKey
      default: .invalidValue
      }
    self = .violation(code, param: violation.field, expected: violation.expected, found: violation.found)
  }
}
