import Glibc

/// The bytes of a golden file; the variable GOLDEN names their folder.
func goldenBytes(_ name: String) -> [UInt8] {
  guard let folder = getenv("GOLDEN"), let file = fopen(String(cString: folder) + "/" + name, "rb") else {
    fatalError("GOLDEN must name the folder of \(name)")
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return bytes
}
