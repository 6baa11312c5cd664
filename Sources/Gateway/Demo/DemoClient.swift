/// Somebody who sends made-up requests.
struct DemoClient: Sendable {
  /// The virtual key's name; `nil` for who sends none.
  var key: String?
  var policy: String
  /// By the subject's place in ``DemoSubject/all``.
  var subjects: [Double]
  var weight: Double
  /// Whether it works by night, under a rule that keeps it in the cheapest tier.
  var isNightly = false

  static let all: [DemoClient] = [
    DemoClient(key: "made-up-support", policy: "default", subjects: [1, 3, 2, 6, 0.2, 0.2], weight: 42),
    DemoClient(key: "made-up-accounting", policy: "careful", subjects: [6, 2, 2, 0.3, 0.1, 1], weight: 24),
    DemoClient(key: "made-up-developers", policy: "default", subjects: [0.3, 0.2, 0.6, 1, 6, 3], weight: 18),
    DemoClient(key: "made-up-search", policy: "thrifty", subjects: [2, 6, 3, 0.3, 0.1, 0.1], weight: 10),
    DemoClient(
      key: "made-up-nightly-job", policy: "default", subjects: [3, 3, 3, 0, 0.4, 0.2], weight: 30, isNightly: true),
    DemoClient(key: nil, policy: "default", subjects: [1, 1, 1, 2, 1, 1], weight: 3),
  ]

  /// How likely it is to send something at a time.
  func weight(atNight isNight: Bool) -> Double { isNightly == isNight ? weight : isNightly ? 0.5 : weight / 3 }
}
