import TextKit

extension EvaluationReport {
  /// The figures that most readers come for.
  func cards(_ routing: RoutingReport) -> String {
    let cards =
      [
        card(NumberFormat.decimal(routing.metrics.apgr), "APGR", detail(routing, \.apgr) ?? "no interval"),
        card(
          NumberFormat.percent(routing.metrics.cpt50, places: 1),
          "to \(shownTier(pair.strong)) for half the gap (CPT50)",
          routing.intervals.cpt50.map {
            "\(NumberFormat.percent($0.lower, places: 1)) to \(NumberFormat.percent($0.upper, places: 1))"
          } ?? "no interval"),
      ] + (routing.baselines.map { policyCards(routing, $0) } ?? [])
    return "<div class=\"cards\">\n\(cards.joined(separator: "\n"))\n</div>"
  }

  /// What needs complete rows.
  private func policyCards(_ routing: RoutingReport, _ baselines: Baselines) -> [String] {
    let gained = baselines.own.quality - baselines.random.quality
    return [
      card(
        NumberFormat.percent(baselines.own.quality / baselines.allStrongest.quality, places: 1),
        "of the strongest tier's quality", "at the model's own thresholds"),
      costCard(baselines),
      card(
        NumberFormat.signed(gained), "quality over random",
        detail(routing, \.qualityOverRandom) ?? "with the same share per tier"),
    ]
  }

  private func costCard(_ baselines: Baselines) -> String {
    guard let own = baselines.own.costUSD, let strongest = baselines.allStrongest.costUSD, strongest > 0 else {
      let share = baselines.own.share[tierNames.count - 1]
      return card(
        NumberFormat.percent(share, places: 1), "of requests to \(shownTier(tierNames.count - 1))", "costs are unknown")
    }
    return card(
      NumberFormat.percent(own / strongest, places: 1), "of the cost of all to the strongest",
      "\(NumberFormat.usd(own * 1_000)) instead of \(NumberFormat.usd(strongest * 1_000)) per 1,000")
  }

  private func card(_ figure: String, _ name: String, _ detail: String) -> String {
    "<div class=\"card\"><b>\(Markup.escaped(figure))</b>\(Markup.escaped(name))<span>\(Markup.escaped(detail))</span></div>"
  }

  private func detail(_ routing: RoutingReport, _ figure: KeyPath<BootstrapIntervals, Interval?>) -> String? {
    guard let interval = routing.intervals[keyPath: figure] else { return nil }
    return "\(NumberFormat.percent(routing.intervals.parameters.confidence)) interval \(Self.range(interval))"
  }

  /// What the figures mean, in plain words.
  var meaning: String {
    let (weak, strong) = (Markup.escaped(shownTier(pair.weak)), Markup.escaped(shownTier(pair.strong)))
    return """
      <section>
      <h2>What these numbers mean</h2>
      <p>Sending everything to \(strong) gives the best quality one tier can give here, sending everything to \
      \(weak) the lowest price. A router chooses per request. <b>APGR</b> says how much of the quality gap between \
      the two it recovers, averaged over all shares it could send to \(strong): 0.5 is what random choice gets, 1 \
      means the whole gap at any share. <b>CPT50</b> is the share that must go to \(strong) to recover half of the \
      gap; random choice needs 50 %. <b>Length only</b> sends the longer prompts up and looks at nothing else: a \
      router that does not beat it is not worth its keep. The <b>oracle</b> knows every outcome beforehand: no \
      router can do better. Intervals show what the figures could have been on another draw of the same number of \
      questions; where the interval of a difference contains 0, the log cannot distinguish the two. All figures hold \
      for requests like those in the log.</p>
      </section>
      """
  }
}
