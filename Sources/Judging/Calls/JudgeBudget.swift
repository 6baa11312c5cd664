import Synchronization

/// Keeps the cost of a judge below a cap: a call reserves the most that it can cost, and settles what it did cost, so that
/// many calls at a time cannot all pass on the same last cent.
package final class JudgeBudget: Sendable {
  /// The cost of input and output tokens in US dollars, at least 0; 0 where no price is known.
  package typealias Price = @Sendable (_ inputTokens: Int, _ outputTokens: Int) -> Double

  private struct State {
    var spentUSD = 0.0
    var reservedUSD = 0.0
  }

  /// The cap in US dollars; `nil` is none.
  package let capUSD: Double?
  private let price: Price
  private let state = Mutex(State())

  package init(capUSD: Double?, price: @escaping Price) {
    self.capUSD = capUSD
    self.price = price
  }

  /// US dollars that calls have cost so far.
  package var spentUSD: Double { state.withLock(\.spentUSD) }

  /// The cost of a number of tokens.
  package func costUSD(inputTokens: Int, outputTokens: Int) -> Double { price(inputTokens, outputTokens) }

  /// Sets an amount aside.
  /// - Throws: ``JudgeError/budgetSpent(capUSD:spentUSD:)`` where less is left.
  package func reserve(_ amountUSD: Double) throws(JudgeError) {
    let refusal: JudgeError? = state.withLock { state in
      if let capUSD, state.spentUSD + state.reservedUSD + amountUSD > capUSD {
        return .budgetSpent(capUSD: capUSD, spentUSD: state.spentUSD)
      }
      state.reservedUSD += amountUSD
      return nil
    }
    if let refusal { throw refusal }
  }

  /// Replaces a reserved amount by what was spent.
  package func settle(reservedUSD: Double, spentUSD: Double) {
    state.withLock { state in
      state.reservedUSD -= reservedUSD
      state.spentUSD += spentUSD
    }
  }
}
