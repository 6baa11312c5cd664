import Foundation
import TextKit

extension AuditReport {
  var clock: AuditClock { AuditClock(zone: options.timeZone) }

  /// The period in words, such as `14 days`.
  var span: String {
    let hours = (traffic.period.upperBound - traffic.period.lowerBound) / 3_600
    guard hours.isFinite, hours > 0 else { return "the period" }
    if hours < 48 { return "\(NumberFormat.short(hours.rounded(.up), digits: 3)) hours" }
    return "\(NumberFormat.short((hours / 24 * 10).rounded() / 10, digits: 4)) days"
  }

  /// What a reader must know who reads nothing else.
  package var headline: [String] {
    [moneyHeadline, qualityHeadline, lossHeadline, budgetHeadline, alarmHeadline].compactMap(\.self)
  }

  private var moneyHeadline: String {
    guard total.requests > 0 else { return "No requests in \(span): nothing was spent, and nothing is known." }
    let requests = "\(NumberFormat.count(total.requests)) requests"
    guard let net = money.net.value, let low = money.net.low, let high = money.net.high else {
      let spent = total.priced > 0 ? "Spent \(AuditText.usd(money.spentUSD)) on" : "What was spent is not known for"
      return
        "\(spent) \(requests) in \(span). What routing saved is not known: \(money.net.reason ?? "no price is known")."
    }
    let verb = net < 0 ? "Lost" : "Saved"
    let range = net < 0 ? (-high, -low) : (low, high)
    let costs = money.labelUSD + money.judgeUSD
    let base = money.net.isModelled ? ", by the prices of the strongest tier" : ""
    return
      "\(verb) \(AuditText.usd(abs(net))) (\(AuditText.usd(range.0)) to \(AuditText.usd(range.1))) of "
      + "\(AuditText.usd(money.strongestUSD)) in \(span) against sending everything to "
      + "\(SafeText.name(traffic.strongest ?? "the strongest tier"))\(base), net of \(AuditText.usd(costs)) for labels and judge; "
      + "\(requests) took \(AuditText.usd(money.spentUSD))."
  }

  private var qualityHeadline: String? {
    guard total.requests > 0 else { return nil }
    guard quality.served.value != nil else {
      return "Quality is not known: \(quality.served.reason ?? "nothing was rated")."
    }
    let served = "Quality of what was served: \(AuditText.figure(quality.served, .share))"
    let strongest =
      quality.strongest.value == nil
      ? "" : ", of the strongest tier on the same requests: \(AuditText.figure(quality.strongest, .share))"
    return "\(served)\(strongest), as judged on \(NumberFormat.count(quality.ratings)) ratings. \(guaranteeSentence)"
  }

  /// Whether what was guaranteed held.
  package var guaranteeSentence: String {
    let target = NumberFormat.percent(quality.targetQuality)
    let source = options.guaranteeSource.map { " (\(SafeText.name($0)))" } ?? ""
    return switch quality.guarantee {
    case .none: "No guarantee is named, so none can be broken."
    case .kept: "The guarantee of \(target) of the strongest tier's quality\(source) was kept."
    case .broken: "The guarantee of \(target) of the strongest tier's quality\(source) was broken."
    case .open(let reason):
      "Whether the guarantee of \(target) of the strongest tier's quality\(source) was kept is not known: \(reason)."
    }
  }

  private var lossHeadline: String? {
    guard money.unpriced > 0 else { return nil }
    return
      "\(NumberFormat.count(money.unpriced)) requests have no known cost: they are in no sum of dollars."
  }

  private var budgetHeadline: String? {
    guard let budget = options.budgetUSD, let isOver = isOverBudget else { return nil }
    let spent = money.spentUSD + money.labelUSD + money.judgeUSD
    return
      "\(AuditText.usd(spent)), labels and judge included, is \(isOver ? "above" : "within") the budget of \(AuditText.usd(budget))."
  }

  private var alarmHeadline: String? {
    var parts: [String] = []
    if options.drift?.alarm == true { parts.append("Traffic drifts from what the model knows: see below.") }
    if let alerts = options.alerts, !alerts.isEmpty {
      parts.append(
        "\(alerts.count == 1 ? "One alert is" : "\(alerts.count) alerts are") raised: \(SafeText.names(alerts.map(\.name)))."
      )
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
