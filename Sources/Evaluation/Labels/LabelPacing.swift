import Foundation

/// Paces the rate r of labels so that their dollars last through the day, before any draw, and never to 0.
///
/// Dollars accrue evenly; what is saved or overdrawn is evened out within an hour. r is what accrues over what labelling every
/// disagreement would cost, as the last hour showed, after what audits take. The rate follows what was drawn and what it cost, never what
/// labels said.
package struct LabelPacing: Sendable {
  /// The least rate: what is drawn at it when dollars are gone is asked for if it can be, or logged as missing.
  package static let leastRate = 0.001
  /// Seconds within which savings and overdrafts are evened out, and after which the demand is forgotten by two thirds.
  private static let horizon = 3_600.0
  /// Labels that are saved up at most, in hours of the budget: a quiet night does not make a costly morning.
  private static let savedHours = 6.0

  /// Dollars that accrue in a second.
  private let accrual: Double
  private var balance = 0.0
  /// Expected dollars a second at r = 1, and those of audits.
  private var demand = 0.0
  private var audits = 0.0
  private var last: Double?

  /// - Parameter dollarsPerDay: above 0.
  package init(dollarsPerDay: Double) {
    accrual = dollarsPerDay / 86_400
  }

  /// Notes an eligible request before its draw, and returns the rate for it.
  ///
  /// - Parameters:
  ///   - seconds: the time, on any clock that does not go back.
  ///   - intensity: g of a disagreement; `nil` where the policies agree.
  ///   - labelUSD, auditUSD: what a label and an audit of this request are expected to cost.
  ///   - auditRate: a.
  ///   - capacity: the part of a label's work that providers and judge have room for, 0…1.
  /// - Returns: r, from ``leastRate`` to 1.
  package mutating func rate(
    at seconds: Double, intensity: Double?, labelUSD: Double, auditUSD: Double, auditRate: Double, capacity: Double = 1
  ) -> Double {
    advance(to: seconds)
    let rate = rate(capacity: capacity)
    demand += (1 - auditRate) * (intensity ?? 0) * labelUSD / Self.horizon
    audits += auditRate * auditUSD / Self.horizon
    return rate
  }

  /// Books what a label or audit cost.
  package mutating func book(dollars: Double) { balance -= dollars }

  private func rate(capacity: Double) -> Double {
    let available = accrual + balance / Self.horizon - audits
    let rate = demand > 0 ? available / demand : 1
    return min(max(rate * min(max(capacity, 0), 1), Self.leastRate), 1)
  }

  private mutating func advance(to seconds: Double) {
    defer { last = max(seconds, last ?? seconds) }
    guard let last, seconds > last else { return }
    let passed = seconds - last
    balance = min(balance + accrual * passed, accrual * 3_600 * Self.savedHours)
    let kept = exp(-passed / Self.horizon)
    demand *= kept
    audits *= kept
  }
}
