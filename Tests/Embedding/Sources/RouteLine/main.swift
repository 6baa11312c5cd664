// Loads a model and routes each line of standard input: RouteLine MODEL < prompts
import Glibc
import Ockham

/// The bytes of a file, or `nil` where it cannot be read.
func read(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return bytes
}

guard CommandLine.arguments.count == 2, let bytes = read(CommandLine.arguments[1]) else {
  print("usage: RouteLine MODEL < prompts")
  exit(64)
}
do {
  let router = Router(model: try Model(bytes))
  var scratch = router.model.makeScratch()
  while let line = readLine() {
    let decision = router.route(Request(prompt: line), using: &scratch)
    print(decision.tierName, decision.gain, decision.threshold, decision.reason.rawValue)
  }
} catch {
  print("\(CommandLine.arguments[1]): \(error)")
  exit(65)
}
