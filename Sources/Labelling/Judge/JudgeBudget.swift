package import RequestLog
import Synchronization

/// Keeps the cost of a judge below a cap: a call reserves the most that it can cost, and settles what it did cost.
package final class JudgeBudget: Sendable {
  private struct State {
    var spentUSD = 0.0
    var reservedUSD = 0.0
  }

  /// The cap in US dollars; `nil` is none.
  package let capUSD: Double?
  private let price: TokenPrice?
  private let state = Mutex(State())

  /// - Parameter price: the judge's; `nil` counts every call as free.
  package init(capUSD: Double?, price: TokenPrice?) {
    self.capUSD = capUSD
    self.price = price
  }

  /// US dollars that calls have cost so far.
  package var spentUSD: Double { state.withLock(\.spentUSD) }

  /// The cost of a number of tokens; 0 where no price is known.
  package func costUSD(inputTokens: Int, outputTokens: Int) -> Double {
    price?.costUSD(inputTokens: inputTokens, outputTokens: outputTokens) ?? 0
  }

  /// Sets an amount aside.
  /// - Throws: ``LabelError/budgetSpent(capUSD:spentUSD:)`` where less is left.
  func reserve(_ amountUSD: Double) throws(LabelError) {
    let refusal: LabelError? = state.withLock { state in
      if let capUSD, state.spentUSD + state.reservedUSD + amountUSD > capUSD {
        return .budgetSpent(capUSD: capUSD, spentUSD: state.spentUSD)
      }
      state.reservedUSD += amountUSD
      return nil
    }
    if let refusal { throw refusal }
  }

  /// Replaces a reserved amount by what was spent.
  func settle(reservedUSD: Double, spentUSD: Double) {
    state.withLock { state in
      state.reservedUSD -= reservedUSD
      state.spentUSD += spentUSD
    }
  }
}
