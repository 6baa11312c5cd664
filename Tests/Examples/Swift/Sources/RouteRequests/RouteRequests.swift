import Foundation
import Ockham

/// Routes requests and prints each decision to the last bit: RouteRequests MODEL REQUESTS.jsonl
@main
struct RouteRequests {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: arguments[1])))
    let router = Router(model: try Model(bytes))
    let middleware = RoutingMiddleware(router: router, alias: "auto", models: router.model.tierNames)
    for line in try RequestLine.read(arguments[2]) {
      let call = ChatCall(model: "auto", request: line.request)
      let answer = try await middleware.handle(call) { routed in
        // Here a gateway would call its provider with routed.model.
        guard let decision = routed.decision else { return "unrouted" }
        let probabilities = middleware.withScratch { scratch in
          router.model.score(routed.request, into: &scratch)
          return scratch.probabilities
        }
        return describe(decision, model: routed.model, probabilities)
      }
      print(line.id, answer)
    }
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
