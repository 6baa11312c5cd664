// Makes the same decisions over and over, to be counted by callgrind: RepeatDecision MODEL BYTES COUNT
import Glibc
import Ockham

/// The bytes of a file, or nothing where it cannot be read.
func read(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return bytes
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let byteCount = Int(arguments[2]), let count = Int(arguments[3]) else {
  print("usage: RepeatDecision MODEL BYTES COUNT")
  exit(64)
}
let sentence = "Which of the following statements about the customer's report is correct, and why should a reader of "
let ending = "chapter 3 prefer it? Compare both numbers (12.5 and 40) before you answer.\nA. The first\nB. The second\n"
var text = ""
while text.utf8.count < byteCount { text += sentence + ending }
let request = Request(prompt: String(text.prefix(byteCount)))
let router = Router(model: try Model(read(arguments[1])))
var scratch = router.model.makeScratch()
for _ in 0..<count { _ = router.route(request, using: &scratch) }
