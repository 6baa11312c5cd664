/// A program that prints what proves to a provider who asks: a token that lives for a while.
package struct KeyCommand: Sendable, Hashable {
  /// The program and its arguments: at least one.
  package var arguments: [String]

  /// How long a token is good that comes without its end, in seconds.
  package var timeToLiveSeconds = 300.0

  /// The longest that a run may take.
  package var timeLimitSeconds = 30.0

  /// Variables of the environment that it gets beside the few that every program needs.
  package var variables: [String] = []

  /// The most that it may print.
  package static let maximumOutputBytes = 64 << 10

  package init(arguments: [String]) { self.arguments = arguments }
}
