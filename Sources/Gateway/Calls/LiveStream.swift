import AsyncAlgorithms
package import ChatProtocols
import NIOCore

/// What is known of a stream when it is over.
package struct StreamOutcome: Sendable {
  /// The last count that the provider gave; `nil` where the stream ended before any.
  package var usage: TokenUsage?

  /// What the stream is taken to have used where it ended before that; `nil` where it cost nothing.
  package var assumedUsage: TokenUsage?

  /// Bytes of an answer that is passed on unread.
  package var byteCount = 0

  /// Why the model stopped; of several choices the one that stopped last.
  package var finish: FinishReason?

  /// What it said in all, where somebody asked for that.
  package var answer: ChatResponse?

  /// Why the stream was not whole; `nil` for a whole one.
  package var failure: UpstreamFailure?
}

/// A stream whose first content is there.
package struct LiveStream: Sendable {
  /// What to send first.
  let first: ByteBuffer

  /// What follows, until the end; ends early where the upstream fails, with the API format's error event.
  let rest: AsyncChannel<ByteBuffer>

  /// Known once `rest` has ended.
  let ending: StreamEnding
  let deadline: CallToken

  /// Whether a stream that is not whole ends with its connection: its format has no event that says so.
  var breaksOff = false
}

extension LiveStream {
  /// Cancels the call: no one takes what follows.
  func abandon() {
    deadline.cancel()
    rest.finish()
  }
}
