/// A file of named tensors and text metadata in the safetensors format.
///
///     8 bytes        length N of the header, little-endian
///     N bytes        JSON: {"__metadata__": {key: text}, name: {"dtype", "shape", "data_offsets": [begin, end]}, …}
///     the rest       the tensors' bytes, row-major and little-endian, without gap or overlap
///
/// Reading is strict: every length, offset, name and type is checked before anything is used, and each way to be wrong has
/// its own ``ModelFileError``. Writing is deterministic: equal contents make equal bytes.
public struct TensorFile: Sendable, Hashable {
  /// Text entries by key.
  public var metadata: [String: String]

  /// Tensors in the order they are written.
  public var tensors: [Tensor]

  /// Creates a file to be written.
  public init(metadata: [String: String] = [:], tensors: [Tensor] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Finds a tensor by name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}

/// One named array of numbers.
public struct Tensor: Sendable, Hashable {
  /// The tensor's name, unique in its file.
  public var name: String
  /// The type of its elements.
  public var elementType: ElementType
  /// Its extent in each dimension, outermost first; empty for a single number.
  public var shape: [Int]
  /// Its elements, row-major and little-endian.
  public var bytes: [UInt8]

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Creates a tensor of single-precision numbers.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, .float32, shape, floats.map { $0.bitPattern })
  }

  /// Creates a tensor of double-precision numbers.
  public init(name: String, shape: [Int], doubles: [Double]) {
    self.init(name: name, .float64, shape, doubles.map { $0.bitPattern })
  }

  /// Creates a tensor of 16-bit integers.
  public init(name: String, shape: [Int], int16s: [Int16]) { self.init(name: name, .int16, shape, int16s) }

  /// Creates a tensor of unsigned 64-bit integers.
  public init(name: String, shape: [Int], uint64s: [UInt64]) { self.init(name: name, .uint64, shape, uint64s) }

  /// Creates a tensor of signed 64-bit integers.
  package init(name: String, shape: [Int], int64s: [Int]) {
    self.init(name: name, .int64, shape, int64s.map { Int64($0) })
  }

  init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    (self.name, self.elementType, self.shape, self.bytes) = (name, elementType, shape, bytes)
  }

  private init<Value: FixedWidthInteger>(
    name: String, _ elementType: ElementType, _ shape: [Int], _ values: [Value]
  ) {
    precondition(shape.reduce(1, *) == values.count, "shape and values differ")
    self.init(name: name, elementType: elementType, shape: shape, bytes: [])
    let width = Value.bitWidth / 8
    bytes.reserveCapacity(values.count * width)
    for value in values {
      for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * byte))) }
    }
  }
}

extension Tensor {
  /// The elements as single-precision numbers; `nil` for another type.
  public var floats: [Float]? { integers(.float32, UInt32.self)?.map { Float(bitPattern: $0) } }

  /// The elements as double-precision numbers; `nil` for another type.
  public var doubles: [Double]? { integers(.float64, UInt64.self)?.map { Double(bitPattern: $0) } }

  /// The elements as 16-bit integers; `nil` for another type.
  public var int16s: [Int16]? { integers(.int16, Int16.self) }

  /// The elements as unsigned 64-bit integers; `nil` for another type.
  public var uint64s: [UInt64]? { integers(.uint64, UInt64.self) }

  /// The elements as signed 64-bit integers; `nil` for another type.
  package var int64s: [Int64]? { integers(.int64, Int64.self) }

  private func integers<Value: FixedWidthInteger>(_ type: ElementType, _: Value.Type) -> [Value]? {
    guard elementType == type else { return nil }
    let width = Value.bitWidth / 8
    return (0..<bytes.count / width).map { index in
      var value: Value = 0
      for byte in 0..<width { value |= Value(truncatingIfNeeded: bytes[index * width + byte]) << Value(8 * byte) }
      return value
    }
  }
}
