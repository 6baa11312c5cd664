/// The element types that model files use, out of those that safetensors knows.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  /// IEEE single precision.
  case float32 = "F32"
  /// IEEE double precision.
  case float64 = "F64"
  /// Signed 16-bit integers.
  case int16 = "I16"
  /// Signed 64-bit integers.
  case int64 = "I64"
  /// Unsigned 64-bit integers.
  case uint64 = "U64"

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .int16: 2
    case .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  static var names: String { allCases.map { $0.rawValue }.joined(separator: ", ") }
}
