internal import COckham
internal import Ockham

/// Why a call does not do what it was asked. Never contains text of a request.
enum Refusal: Error {
  case nullArgument(StaticString)
  case structBytes(StaticString, expected: Int, found: Int)
  case model(ModelFileError)
  case request
  case policy(String)
  case bufferTooSmall
  case tier
  case nothingScored
  case noResponseHead

  var status: ockham_status {
    switch self {
    case .nullArgument: ockham_status(OCKHAM_NULL_ARGUMENT)
    case .structBytes: ockham_status(OCKHAM_BAD_STRUCT)
    case .model: ockham_status(OCKHAM_BAD_MODEL)
    case .request: ockham_status(OCKHAM_BAD_REQUEST)
    case .policy: ockham_status(OCKHAM_BAD_POLICY)
    case .bufferTooSmall: ockham_status(OCKHAM_BUFFER_TOO_SMALL)
    case .tier: ockham_status(OCKHAM_BAD_TIER)
    case .nothingScored: ockham_status(OCKHAM_NOTHING_SCORED)
    case .noResponseHead: ockham_status(OCKHAM_NO_RESPONSE_HEAD)
    }
  }

  /// What was expected, what was found, what to do, for calls that take a buffer for it.
  var detail: String {
    switch self {
    case .nullArgument(let name): "expected a \(name), found NULL"
    case .structBytes(let name, let expected, let found):
      "\(name).struct_bytes: expected at least \(expected), found \(found); set it to sizeof"
    case .model(let error): error.description
    case .policy(let reason): reason
    case .request, .bufferTooSmall, .tier, .nothingScored, .noResponseHead: ""
    }
  }
}

/// Runs a call and turns its refusal into a status and, where there is room, a detail.
func status(
  detail: UnsafeMutablePointer<CChar>? = nil, _ detailBytes: Int = 0, _ call: () throws(Refusal) -> Void
) -> ockham_status {
  var text = ""
  var status = ockham_status(OCKHAM_OK)
  do throws(Refusal) { try call() } catch {
    text = unsafe detail == nil ? "" : error.detail
    status = error.status
  }
  unsafe write(text, to: detail, detailBytes)
  return status
}

/// Writes as much as fits, cut between characters, and a NUL.
private func write(_ text: String, to buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int) {
  guard let buffer = unsafe buffer, capacity > 0 else { return }
  var end = 0
  for scalar in text.unicodeScalars {
    let bytes = Unicode.UTF8.encode(scalar)!
    guard end + bytes.count < capacity else { break }
    for byte in bytes {
      unsafe buffer[end] = CChar(bitPattern: byte)
      end += 1
    }
  }
  unsafe buffer[end] = 0
}

/// Throws unless a caller's struct is at least as large as that of this version.
func checkSize<Value>(
  _ name: StaticString, _ found: Int, of type: Value.Type
) throws(Refusal) {
  guard found >= MemoryLayout<Value>.size else {
    throw .structBytes(name, expected: MemoryLayout<Value>.size, found: found)
  }
}
