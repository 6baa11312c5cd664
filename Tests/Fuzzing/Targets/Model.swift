import Ockham

/// The reader of model files: any bytes load or are refused; what loads scores, and what is a tensor file is written back
/// as one that reads the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzModel(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  do {
    let file = try TensorFile(bytes)
    expect((try? TensorFile(file.encoded())) == file, "the file does not read back")
    checkModel(try Model(bytes))
  } catch {
    expect(!"\(error)".isEmpty && "\(error)".utf8.count < 4_096, "the message of an error")
  }
  return 0
}
