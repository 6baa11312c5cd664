// Makes the same decisions over and over, to be counted by callgrind: RepeatDecision MODEL BYTES COUNT
// With `response` behind them it scores a response of so many bytes to a request of 1 KB instead.
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
let scoresResponse = arguments.count == 5 && arguments[4] == "response"
guard arguments.count == 4 || scoresResponse, let byteCount = Int(arguments[2]), let count = Int(arguments[3]) else {
  print("usage: RepeatDecision MODEL BYTES COUNT [response]")
  exit(64)
}
let sentence = "Which of the following statements about the customer's report is correct, and why should a reader of "
let ending = "chapter 3 prefer it? Compare both numbers (12.5 and 40) before you answer.\nA. The first\nB. The second\n"

/// Text of so many bytes.
func makeText(_ byteCount: Int) -> String {
  var text = ""
  while text.utf8.count < byteCount { text += sentence + ending }
  return String(text.prefix(byteCount))
}

let router = Router(model: try Model(read(arguments[1])))
var scratch = router.model.makeScratch()
if scoresResponse, var responses = router.model.makeResponseScratch() {
  let response = Response(text: makeText(byteCount), facts: ResponseFacts(finishReason: .stop))
  router.model.score(Request(prompt: makeText(1_000)), into: &scratch)
  for _ in 0..<count { router.model.score(response, of: 0, after: scratch, into: &responses) }
} else {
  let request = Request(prompt: makeText(byteCount))
  for _ in 0..<count { _ = router.route(request, using: &scratch) }
}
