import GatewayCore

/// Alerts of a demo: one was raised days ago, and nothing is kept.
struct DemoAlerts: AlertStore {
  let raised: [AlertChange]

  init(end: Double, cheapestTier: String) {
    let alert = Alert(
      name: "drift quality.\(cheapestTier).extraction",
      cause: "made up: for three days answers of \(cheapestTier) to extraction are less often good than before",
      remedy: "look at the ratings of extraction, then train anew or raise its threshold")
    raised = [AlertChange(alert: alert, isRaised: true, time: end - 1.5 * 86_400)]
  }

  func write(_ change: AlertChange) {}
  func close() async {}
}
