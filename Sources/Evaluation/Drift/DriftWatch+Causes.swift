import Ockham
import TextKit

/// What moved, and what to do about it.
extension DriftWatch {
  func percent(_ share: Double?) -> String { NumberFormat.percent(share, places: 1) }

  /// One sentence of what a component's number was, and is.
  func cause(
    of name: String, _ subject: DriftComponent.Subject, before: Double?, now: Double?
  ) -> String {
    let span = "\(percent(before)) to \(percent(now))"
    switch subject {
    case .rank: return "\(noun(name)): the mean rank among the reference's values went from \(span)"
    case .unknown: return "\(noun(name)): the share that no one knows went from \(span)"
    case .share(let place):
      let choice =
        switch name {
        case "share.tier": "tier \(tierNames[place])"
        case "share.task": "task \(TaskKind.allCases[place].name)"
        default: "requests that failed"
        }
      return "\(choice): the share went from \(span)"
    }
  }

  private func noun(_ name: String) -> String {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return name }
    let tier = Int(parts[1]).map { "tier \(tierNames.indices.contains($0) ? tierNames[$0] : parts[1])" }
    switch parts[0] {
    case "feature": return "\(parts[1].replacing("_", with: " ")) of requests"
    case "logit": return "what the model expects of \(tier ?? parts[1])"
    case "cost": return "dollars a response of \(tier ?? parts[1])"
    case "latency": return "time a response of \(tier ?? parts[1]) takes"
    default: return name
    }
  }

  /// What to do about an alarm of a test.
  static func remedy(_ name: String) -> String {
    switch name.prefix(while: { $0 != "." }) {
    case "feature", "logit":
      "look at what clients send since then; label a sample of it, and train again"
    case "cost": "compare prices and tokens with the provider's bill; calibrate again with the new prices"
    case "latency": "look at the targets of the tier and their providers"
    case "calibration": "check whether the model behind the tier changed; train or calibrate again on labels since then"
    default:
      name == "share.failed"
        ? "look at the errors by target" : "look at what clients send since then; calibrate again on labels of it"
    }
  }
}
