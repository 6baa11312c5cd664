import Foundation

/// What comes after the promotion: weeks of the same traffic, in which no alarm may go in; then a provider that silently gets worse, and users who
/// write in another script, both of which the gateway has to report.
extension Loop {
  /// Requests that make a day.
  private var perDay: Int { options.driftPerDay }
  private var daySeconds: Double { Double(perDay) / options.canaryRate }

  func drift(_ report: inout Report, from start: Double) throws {
    let pace = 86_400 / daySeconds
    try configure(
      decider: "model: \(file("router").path)\ndrift: {every_s: 1}\n\(fixedPrompts)", audit: 0.05,
      usdPerDay: meanStrongestUSD * Double(perDay), telemetry: "drift.sqlite")
    // The first whole day begins soon: one that has begun already is no part of a week.
    let midnight = ((start / 86_400).rounded(.up) + 1) * 86_400
    let now = Date().timeIntervalSince1970
    let gateway = try GatewayProcess(options, speed: pace, epoch: (now * pace - (midnight - 0.6 * pace)) / (pace - 1))
    defer { gateway.stop() }
    let desk = Desk(endless: conversations)
    let traffic = send(desk, to: gateway, rate: options.canaryRate)
    defer {
      desk.close()
      traffic.wait()
      report.add(desk.seen)
    }
    // A week that becomes the reference, and another in which nothing changes.
    let quiet = watch(desk, gateway, days: 14) { _ in false }
    report.falseAlarms += quiet.alerts.count { !$0.hasPrefix("drift latency") }
    report.unexpected = quiet.alerts.sorted()
    let known = quiet.alerts
    provider.degrade()
    report.driftAlarmAfter["provider"] = .some(
      watch(desk, gateway, days: 8) { alerts in
        alerts.subtracting(known).contains { $0.hasPrefix("drift calibration") || $0.hasPrefix("canary prompts") }
      }.requests)
    desk.change(Self.inCyrillic)
    report.driftAlarmAfter["traffic"] = .some(
      watch(desk, gateway, days: 8) { alerts in
        alerts.subtracting(known).contains { name in
          // What requests look like is one alert, however many features and scores say so.
          ["requests", "share"].contains { name.hasPrefix("drift \($0)") }
        }
      }.requests)
  }

  /// The configuration of fixed prompts, twelve rounds a day.
  private var fixedPrompts: String {
    let prompts = Provider.fixedPrompts.map { "{prompt: \"\($0.text)\", contains: \($0.word)}" }.joined(separator: ", ")
    return "canary_prompts: {every_s: 7200, reference_rounds: 48, prompts: [\(prompts)]}"
  }

  /// Waits for an alert, at most for so many days.
  /// - Returns: the requests until it was raised, `nil` where it was not; and what is raised at the end.
  private func watch(
    _ desk: Desk, _ gateway: GatewayProcess, days: Double, until isRaised: (Set<String>) -> Bool
  ) -> (requests: Int?, alerts: Set<String>) {
    let (begin, end) = (desk.count, Date().addingTimeInterval(days * daySeconds))
    var seen: Set<String> = []
    while Date() < end {
      Thread.sleep(forTimeInterval: 0.2)
      let alerts = self.alerts(gateway)
      seen.formUnion(alerts)
      if isRaised(alerts) { return (desk.count - begin, seen) }
    }
    return (nil, seen)
  }

  /// The names of what is raised.
  private func alerts(_ gateway: GatewayProcess) -> Set<String> {
    let text = Client(port: gateway.port).get("/metrics") ?? ""
    return Set(text.matches(of: #/ockham_gateway_alert\{alert="([^"]*)"\} 1/#).map { String($0.1) })
  }

  /// The same words in other letters: what a program sees where users change their language.
  private static func inCyrillic(_ row: World.Row) -> World.Row {
    let letters = Dictionary(
      uniqueKeysWithValues: zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшхыз"))
    func written(_ text: String) -> String { String(text.lowercased().map { letters[$0] ?? $0 }) }
    var row = row
    row.messages = row.messages.map { message in
      var message = message
      if message["role"] as? String == "user", let text = message["content"] as? String {
        message["content"] = written(text)
      }
      return message
    }
    return row
  }
}
