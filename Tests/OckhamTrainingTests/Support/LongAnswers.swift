import Statistics
import Ockham
import RequestLog

@testable import OckhamTraining

/// Logs in which requests that ask for a list (bullet lines) are answered at ten times the length.
enum LongAnswers {
  enum Told: CaseIterable { case tokens, costsAlone, flatFee }

  static func records(_ count: Int, _ told: Told = .tokens, seed: UInt64 = 21) -> [LogRecord] {
    var requests = MadeUpRequests(seed: seed)
    var generator = SplitMix64(seed: seed, 99)
    return requests.records(count).enumerated().map { index, record in
      var record = record
      let isLong = generator.nextUnit() < 0.4
      if isLong { record.request.segments[record.request.segments.count - 1].text += "\n- one\n- two\n- three" }
      let bytes = Double(record.request.textBytes)
      for tier in record.outcomes.indices {
        let tokens = Int((isLong ? 900 : 90) * (0.7 + 0.6 * Double(generator.nextUnit())))
        let (input, output) = tier == 0 ? (2e-8, 6e-7) : (6e-7, 1.5e-5)
        record.outcomes[tier].outputTokens = told == .costsAlone ? nil : tokens
        record.outcomes[tier].costUSD = input * bytes + output * Double(tokens)
        // Not paid by the token: a search of the web for short answers, say.
        if told == .flatFee {
          record.outcomes[tier].costUSD = (isLong ? 0.002 : 0.02) * Double(1 + tier)
        }
      }
      return record
    }
  }
}
