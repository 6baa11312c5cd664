// Counts the allocations of a thousand decisions, with a scratch of one's own and with one that the router lends, and of a thousand scores of responses, after a warm-up: CountAllocations MODEL...
// Exits with 1 if there is any, or if the counter itself does not count.
import CAllocations
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

/// A chat request whose question has about `byteCount` bytes.
func makeRequest(_ byteCount: Int) -> Request {
  let sentence = "What is the sum of 3.5 and 4? Please explain, naïve 日本語 readers wait:\nA. twelve\n- b = f(x)\n"
  var text = ""
  while text.utf8.count < byteCount { text += sentence + "item\(text.utf8.count) " }
  return Request(
    segments: [
      Segment(role: .system, text: "You must answer in JSON, and never translate."),
      Segment(role: .user, text: "short"),
      Segment(role: .assistant, text: "a"), Segment(role: .user, text: text),
    ],
    attributes: RequestAttributes(toolNames: ["search", "get_current_weather_of_a_city"], toolSchemaBytes: 300))
}

/// Allocations of `count` decisions.
func measure(_ router: Router, _ request: Request, _ scratch: inout Scratch, count: Int) -> UInt {
  let before = allocation_count()
  for _ in 0..<count { _ = router.route(request, using: &scratch) }
  return allocation_count() - before
}

/// Allocations of `count` decisions with scratches that the router lends.
func measure(lentBy router: Router, _ request: Request, count: Int) -> UInt {
  let before = allocation_count()
  for _ in 0..<count { _ = router.route(request) }
  return allocation_count() - before
}

/// Allocations of `count` decisions on a prompt of bytes, which no string is made of.
func measure(_ router: Router, bytes: [UInt8], count: Int) -> UInt {
  let before = allocation_count()
  for _ in 0..<count { _ = router.route(prompt: bytes.span) }
  return allocation_count() - before
}

/// A response to such a request, with tool calls.
func makeResponse(_ byteCount: Int) -> Response {
  let call = Response.ToolCall(name: "get_current_weather_of_a_city", arguments: "{\"city\": \"Paris\", \"days\": 3}")
  let facts = ResponseFacts(toolCallsAreValid: true, finishReason: .toolCalls, meanLogprob: -0.25)
  return Response(
    text: makeRequest(byteCount).segments[3].text + "The answer is (B) 7.", toolCalls: [call, call], facts: facts)
}

/// Allocations of `count` scores of each answering tier's response; `nil` for a model without response heads.
func measure(_ model: Model, _ byteCount: Int, _ scratch: Scratch, count: Int) -> UInt? {
  guard var responses = model.makeResponseScratch() else { return nil }
  let response = makeResponse(byteCount)
  func score(_ count: Int) {
    for _ in 0..<count {
      for tier in 0..<model.tierNames.count - 1 { model.score(response, of: tier, after: scratch, into: &responses) }
    }
  }
  score(3)
  let before = allocation_count()
  score(count)
  return allocation_count() - before
}

let before = allocation_count()
var failed = Array(0..<CommandLine.arguments.count).isEmpty || allocation_count() == before
for path in CommandLine.arguments.dropFirst() {
  let model = try Model(read(path))
  var policy = Policy(thresholds: model.thresholds)
  (policy.minimumQuality, policy.maximumCostUSD, policy.taskPins) = (0.9, 1, [.math: [0, 1]])
  let router = try Router(model: model, policy: policy)
  var scratch = model.makeScratch()
  for byteCount in [100, 1_000, 10_000, 1_000_000] {
    let request = makeRequest(byteCount)
    _ = measure(router, request, &scratch, count: 3)
    let allocations = measure(router, request, &scratch, count: 1_000)
    print(model.kind, byteCount, "bytes:", allocations, "allocations in 1,000 decisions")
    failed = failed || allocations > 0
    let prompt = Array(request.segments[3].text.utf8)
    _ = (measure(lentBy: router, request, count: 3), measure(router, bytes: prompt, count: 3))
    for (what, allocations) in [
      ("a lent scratch", measure(lentBy: router, request, count: 1_000)),
      ("a prompt of bytes", measure(router, bytes: prompt, count: 1_000)),
    ] {
      print(model.kind, byteCount, "bytes:", allocations, "allocations in 1,000 decisions with", what)
      failed = failed || allocations > 0
    }
    if let allocations = measure(model, byteCount, scratch, count: 1_000) {
      print(model.kind, byteCount, "bytes:", allocations, "allocations in 1,000 scores of responses")
      failed = failed || allocations > 0
    }
  }
}
exit(failed ? 1 : 0)
