import Statistics
import TextKit

/// Names a request's span by hash of the request's id, so that one request has one span, regardless of who asks.
package enum SpanIdentity {
  /// The span of a request; its trace is the client's where the client sent one. Its header is what providers may be
  /// sent.
  package static func span(requestID: String, parent: TraceParent?) -> TraceParent {
    TraceParent(
      traceHigh: parent?.traceHigh ?? hash(requestID, salt: 2), traceLow: parent?.traceLow ?? hash(requestID, salt: 3),
      parent: hash(requestID, salt: 1), isSampled: parent?.isSampled ?? true)
  }

  /// 64 bits that depend evenly on all of the id; never 0.
  private static func hash(_ id: String, salt: UInt64) -> UInt64 {
    max(1, SplitMix64.mixed(ContentHash(id).value &+ salt &* 0x9E37_79B9_7F4A_7C15))
  }
}
