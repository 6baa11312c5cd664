import TextKit
import GRDB

extension DatabaseValue {
  /// The text; `nil` for NULL.
  func text(_ field: String) throws(RecordViolation) -> String? {
    switch storage {
    case .null: return nil
    case .string(let text): return text
    default: throw wrongType(field, expected: "a string")
    }
  }

  /// The text or a number's text; `nil` for NULL.
  func label(_ field: String) throws(RecordViolation) -> String? {
    switch storage {
    case .int64(let number): return String(number)
    case .double(let number): return number.description
    default: return try text(field)
    }
  }

  /// The number; `nil` for NULL.
  func number(_ field: String) throws(RecordViolation) -> Double? {
    switch storage {
    case .null: return nil
    case .int64(let number): return Double(number)
    case .double(let number): return number
    default: throw wrongType(field, expected: "a number")
    }
  }

  /// The integer; `nil` for NULL.
  func wholeNumber(_ field: String) throws(RecordViolation) -> Int? {
    switch storage {
    case .null: return nil
    case .int64(let number): return Int(number)
    case .double(let number):
      guard let whole = Int(exactly: number) else { throw wrongType(field, expected: "an integer") }
      return whole
    default: throw wrongType(field, expected: "an integer")
    }
  }

  /// True for 1, false for 0; `nil` for NULL.
  func flag(_ field: String) throws(RecordViolation) -> Bool? {
    switch storage {
    case .null: return nil
    case .int64(0): return false
    case .int64(1): return true
    default: throw wrongType(field, expected: "0 or 1")
    }
  }

  /// The bytes of a blob; `nil` for NULL.
  func bytes(_ field: String) throws(RecordViolation) -> [UInt8]? {
    switch storage {
    case .null: return nil
    case .blob(let data): return [UInt8](data)
    default: throw wrongType(field, expected: "a blob")
    }
  }

  private func wrongType(_ field: String, expected: String) -> RecordViolation {
    RecordViolation(
      .wrongType, field: field, expected: expected, found: summary, remedy: "fix the value or set it to NULL")
  }

  private var summary: String {
    switch storage {
    case .null: "NULL"
    case .int64(let number): String(number)
    case .double(let number): number.description
    case .string(let text): "a string of " + SafeText.describe(text)
    case .blob(let data): "a blob of \(NumberFormat.count(data.count)) bytes"
    }
  }
}
