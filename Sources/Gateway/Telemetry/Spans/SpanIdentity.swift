import TextKit

/// Names a request's span by hash of the request's id, so that one request has one span, whoever asks.
package enum SpanIdentity {
  /// The span of a request; its trace is the client's where the client sent one. Its header is what providers may be
  /// sent.
  package static func span(requestID: String, parent: TraceParent?) -> TraceParent {
    TraceParent(
      traceHigh: parent?.traceHigh ?? hash(requestID, salt: 2), traceLow: parent?.traceLow ?? hash(requestID, salt: 3),
      parent: hash(requestID, salt: 1), isSampled: parent?.isSampled ?? true)
  }

  /// 64 bits that depend evenly on all of the id; never 0. Mixing: SplitMix64, Steele, Lea, Flood, 2014.
  private static func hash(_ id: String, salt: UInt64) -> UInt64 {
    var value = ContentHash(id).value &+ salt &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return max(1, value ^ (value >> 31))
  }
}
