package import TextKit

extension DriftReport {
  /// The report as a JSON document with stable names, in a stable order. What is unknown is null.
  package var json: JSONNode {
    let period = reference.map { [$0.begin, $0.end] } ?? [0, 0]
    let known: [(String, JSONNode)] = [
      ("source", .string(reference?.source.rawValue ?? "none")), ("rows", .integer(reference?.rows ?? 0)),
      ("days", .integer(reference?.days ?? 0)), ("from", Self.time(period[0])), ("to", Self.time(period[1])),
    ]
    return .object([
      ("alarm", alarm.map(JSONNode.boolean) ?? .null), ("tests", .array(tests.map { node(of: $0) })),
      ("rows", .integer(rows)), ("days", .integer(days)), ("reference", .object(known)),
      ("expected_quality", .object(expectations.map { ($0.tier, node(of: $0)) })),
      ("reason", reason.map(JSONNode.string) ?? .null), ("notes", .strings(notes)),
    ])
  }

  private static func time(_ seconds: Int) -> JSONNode {
    seconds > 0 ? .string(CivilTime.timestamp(seconds: Double(seconds))) : .null
  }

  private func node(of test: DriftTest) -> JSONNode {
    var (since, reason): (JSONNode, JSONNode) = (.null, .null)
    switch test.state {
    case .alarm(let day?) where day >= 0: since = .string(Self.date(day))
    case .unknown(let why): reason = .string(why)
    default: break
    }
    return .object([
      ("name", .string(test.name)), ("statistic", .figure(test.evidence)), ("p", .figure(test.p)),
      ("adjusted", .figure(test.adjusted)), ("alarm", test.state.isAlarm.map(JSONNode.boolean) ?? .null),
      ("since", since), ("before", .figure(test.before)), ("now", .figure(test.now)), ("count", .integer(test.count)),
      ("watched", .boolean(test.isWatched)), ("cause", test.cause.map(JSONNode.string) ?? .null),
      ("remedy", test.remedy.map(JSONNode.string) ?? .null), ("reason", reason),
    ])
  }

  private func node(of expectation: Expectation) -> JSONNode {
    .object([
      ("reference", .figure(expectation.before)), ("now", expectation.now?.json ?? .null),
    ])
  }

  /// A day as `2026-11-29`.
  static func date(_ day: Int) -> String { String(CivilTime.timestamp(seconds: Double(day) * 86_400).prefix(10)) }
}
