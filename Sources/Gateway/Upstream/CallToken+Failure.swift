import ChatProtocols

extension CallToken {
  /// The failure that cancelling stands for; `nil` while nothing was cancelled.
  var failure: UpstreamFailure? {
    switch cause {
    case .none: nil
    case .firstToken: UpstreamFailure(.timeout, reason: "no first token in time")
    case .idle: UpstreamFailure(.timeout, reason: "the answer stalled")
    case .total: UpstreamFailure(.timeout, reason: "the answer took too long")
    case .cancelled: UpstreamFailure(.timeout, reason: "the client went away")
    }
  }
}
