import Foundation
import Ockham

/// Routes requests and prints each decision to the last bit: RouteRequests MODEL REQUESTS.jsonl
///
/// A line with a response starts where the model's cascade says, and its response is weighed.
@main
struct RouteRequests {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: arguments[1])))
    let router = Router(model: try Model(bytes))
    let middleware = RoutingMiddleware(router: router, alias: "auto", models: router.model.tierNames)
    for line in try RequestLine.read(arguments[2]) {
      if let answer = line.response {
        print(line.id, weigh(answer, to: line.request, router))
        continue
      }
      let call = ChatCall(model: "auto", request: line.request)
      let answer = try await middleware.handle(call) { routed in
        // Here a gateway would call its provider with routed.model.
        guard let decision = routed.decision else { return "unrouted" }
        let probabilities = router.scorer.score(routed.request) { $0.probabilities }
        return describe(decision, model: routed.model, probabilities)
      }
      print(line.id, answer)
    }
  }

  static func weigh(_ answer: RequestLine.Answer, to request: Request, _ router: Router) -> String {
    let names = router.model.tierNames
    guard let tier = names.firstIndex(of: answer.tier), var responses = router.model.makeResponseScratch() else {
      return "unweighed"
    }
    var scratch = router.model.makeScratch()
    let start = router.start(request, using: &scratch)
    let step = router.weigh(answer.response, of: tier, after: scratch, using: &responses)
    let bits = responses.probabilities.map { hexadecimal($0.bitPattern) }.joined(separator: ",")
    let next = step.flatMap { $0.isWorthwhile ? names[$0.candidate] : nil } ?? "-"
    return "start=\(names[start.tier]) answered=\(answer.tier) p=\(bits) next=\(next)"
      + " gain=\(hexadecimal((step?.gain ?? 0).bitPattern)) threshold=\(hexadecimal((step?.threshold ?? 0).bitPattern))"
  }

  static func describe(_ decision: Decision, model: String, _ probabilities: [Float]) -> String {
    let bits = probabilities.map { hexadecimal($0.bitPattern) }.joined(separator: ",")
    let cost = (decision.expectedCostUSD ?? .nan).bitPattern
    return "\(model) \(decision.reason.rawValue) \(decision.task?.name ?? "-")"
      + " gain=\(hexadecimal(decision.gain.bitPattern)) threshold=\(hexadecimal(decision.threshold.bitPattern)) p=\(bits) usd=\(hexadecimal(cost))"
  }

  static func hexadecimal<Bits: FixedWidthInteger>(_ bits: Bits) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: Bits.bitWidth / 4 - digits.count) + digits
  }
}
