import COckham
import Ockham
import Testing

/// Requests that no client should send.
struct HostileRequestTests {
  private let router: CRouter
  private let scratch: CScratch

  init() throws {
    router = try CRouter(Files.bytes(Files.models[1]))
    scratch = router.makeScratch()
  }

  /// Routes a request after `change`; the status.
  private func route(_ request: Request, _ change: (inout ockham_request) -> Void = { _ in }) -> ockham_status {
    CRequest(request).withRequest { request in
      var request = request
      change(&request)
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
      return scratch.route(request, tiers: &tiers).0
    }
  }

  private let tools = Request(
    segments: [Segment(role: .user, text: "x")], attributes: RequestAttributes(toolNames: ["a", "b"]))

  @Test func absurdCountsAreRefused() {
    #expect(route(tools) == OCKHAM_OK)
    #expect(route(tools) { $0.message_count = (1 << 20) + 1 } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.message_count = .max } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.message_count = -1 } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.tool_count = .max } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.tool_count = -1 } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.messages = nil } == OCKHAM_NULL_ARGUMENT)
    #expect(route(tools) { $0.tools = nil } == OCKHAM_NULL_ARGUMENT)
    #expect(route(tools) { $0.response_format = 3 } == OCKHAM_BAD_REQUEST)
    #expect(route(tools) { $0.response_format = -1 } == OCKHAM_BAD_REQUEST)
  }

  @Test func extremeSizesAreTakenAsTheyCome() {
    for extreme in [Int64.max, .min, -1] {
      let status = route(tools) {
        $0.tool_schema_bytes = extreme
        $0.response_schema_bytes = extreme
        $0.image_count = extreme
        $0.maximum_output_tokens = extreme
      }
      #expect(status == OCKHAM_OK)
    }
  }

  @Test(arguments: [Int32(-1), 4, .max, .min])
  func unknownRolesAreRefused(role: Int32) { #expect(routeMessage { $0.role = role } == OCKHAM_BAD_REQUEST) }

  @Test func impossibleTextsAreRefused() {
    #expect(routeMessage { $0.text = nil } == OCKHAM_BAD_REQUEST)
    #expect(routeMessage { $0.text_bytes = (1 << 40) + 1 } == OCKHAM_BAD_REQUEST)
    #expect(routeMessage { $0.text_bytes = -1 } == OCKHAM_BAD_REQUEST)
    let empty = routeMessage {
      $0.text = nil
      $0.text_bytes = 0
    }
    #expect(empty == OCKHAM_OK)
  }

  private func routeMessage(_ change: (inout ockham_message) -> Void) -> ockham_status {
    CRequest(Request(prompt: "text")).withRequest { request in
      var request = request
      var message = request.messages[0]
      change(&message)
      return withUnsafePointer(to: message) { pointer in
        request.messages = pointer
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
        return scratch.route(request, tiers: &tiers).0
      }
    }
  }

  @Test func damagedTextIsReadAsItIs() {
    var draws = SystemRandomNumberGenerator()
    for count in 0..<400 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0x70...0xFF, using: &draws) }
      CRequest(bytes: bytes).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
        #expect(scratch.route(request, tiers: &tiers).0 == OCKHAM_OK, "\(bytes)")
        #expect(tiers.allSatisfy { (0...1).contains($0.probability) })
      }
    }
  }

  @Test func toolsOfOneRequestDoNotStayForTheNext() throws {
    let few = Request(segments: tools.segments, attributes: RequestAttributes(toolNames: ["a"]))
    let none = Request(segments: tools.segments)
    let fresh = try [few, none, tools].map { try logits($0, CRouter(Files.bytes(Files.models[1])).makeScratch()) }
    #expect(route(tools) == OCKHAM_OK)
    #expect([few, none, tools].map { logits($0, scratch) } == fresh)
    #expect(Set(fresh.map(\.description)).count == 3)
  }

  private func logits(_ request: Request, _ scratch: CScratch) -> [Float] {
    var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
    _ = CRequest(request).withRequest { scratch.route($0, tiers: &tiers) }
    return tiers.map(\.logit)
  }
}
