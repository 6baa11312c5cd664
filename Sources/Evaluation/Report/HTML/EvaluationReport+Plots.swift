import TextKit

extension EvaluationReport {
  /// Mean quality against mean cost: the model's frontier between what it is compared with.
  func costQualityPlot(_ routing: RoutingReport, _ baselines: Baselines) -> Plot {
    let costs = CostAxis(self, routing)
    let marks = costQualityLines(routing, baselines, costs) + costQualityPoints(baselines, costs)
    let points = marks.flatMap(\.points)
    return Plot(
      title: "Quality against cost",
      summary:
        "Mean quality over mean cost: the model's thresholds, random routing, prompt length, single tiers, oracle",
      x: .init(title: costs.title, domain: Scale.domain(points.map(\.x))),
      y: .init(title: "mean quality (0 to 1)", domain: Scale.domain(points.map(\.y))), marks: marks)
  }

  private func costQualityLines(_ routing: RoutingReport, _ baselines: Baselines, _ costs: CostAxis) -> [PlotMark] {
    let ends = [baselines.allCheapest, baselines.allStrongest]
    let frontierPoints = frontier.points.map { costs.point($0.outcome, "λ = \(NumberFormat.short($0.lambda))") }
    // Rows that know the pair alone are others than those of the rest of the plot.
    let isSameRows = routing.pairRows == routing.rows
    let lengthPoints = isSameRows ? routing.lengthCurve.points.map { costs.point($0, pair) } : []
    let lines = [
      PlotMark(name: "random", style: "random", shape: .dashed, points: ends.map { costs.point($0, "") }),
      PlotMark(
        name: "length only (\(shownTier(pair.weak)) or \(shownTier(pair.strong)))", style: "length", shape: .dashed,
        points: lengthPoints),
      PlotMark(name: "this model, all thresholds", style: "model", shape: .line, points: frontierPoints),
    ]
    return lines.filter { !$0.points.isEmpty }
  }

  private func costQualityPoints(_ baselines: Baselines, _ costs: CostAxis) -> [PlotMark] {
    func mark(_ name: String, style: String, shape: PlotMark.Shape, outcome: PolicyOutcome) -> PlotMark {
      PlotMark(name: name, style: style, shape: shape, points: [costs.point(outcome, name)])
    }
    return [
      mark("all to \(shownTier(0))", style: "cheapest", shape: .square, outcome: baselines.allCheapest),
      mark(
        "all to \(shownTier(tierNames.count - 1))", style: "strongest", shape: .triangle,
        outcome: baselines.allStrongest),
      mark("oracle", style: "oracle", shape: .diamond, outcome: baselines.oracle),
      mark("this model, own thresholds", style: "model", shape: .circle, outcome: baselines.own),
    ]
  }

  /// RouteLLM's curve: mean quality against the share of requests that go to the stronger tier.
  func sharePlot(_ routing: RoutingReport) -> Plot {
    func points(_ curve: PairCurve) -> [PlotMark.Point] {
      curve.points.map {
        .init(
          x: $0.strongShare * 100, y: $0.quality,
          tip: "\(NumberFormat.percent($0.strongShare, places: 1)): \(NumberFormat.decimal($0.quality, places: 4))")
      }
    }
    let own = points(routing.curve)
    let ends = [own[0], own[own.count - 1]]
    let marks = [
      PlotMark(name: "random", style: "random", shape: .dashed, points: ends),
      PlotMark(name: "length only", style: "length", shape: .dashed, points: points(routing.lengthCurve)),
      PlotMark(name: "this model", style: "model", shape: .dotted, points: own),
    ]
    return Plot(
      title: "Quality against share of \(shownTier(pair.strong))",
      summary:
        "Mean quality over the share of requests sent to \(shownTier(pair.strong)) instead of \(shownTier(pair.weak))",
      x: .init(title: "requests to \(shownTier(pair.strong)) (%)", domain: 0...100),
      y: .init(title: "mean quality (0 to 1)", domain: Scale.domain(marks.flatMap(\.points).map(\.y))), marks: marks)
  }

  /// The share of requests per tier along the frontier, stacked.
  func tierSharePlot() -> Plot? {
    let shares = Self.cumulativeShares(frontier.points.map(\.outcome.share))
    let gaps = frontier.points.map { $0.lambda * costSpan }
    guard gaps.count > 1 else { return nil }
    // The last point stands for every λ from there on; its place says nothing.
    let xs = gaps.dropLast() + [gaps[gaps.count - 2] * 1.05]
    let marks = tierNames.indices.map { tier in
      let upper = zip(xs, shares).map { PlotMark.Point(x: $0, y: $1[tier + 1] * 100) }
      let lower = zip(xs, shares).map { PlotMark.Point(x: $0, y: $1[tier] * 100) }
      return PlotMark(name: shownTier(tier), style: "t\(tier % 8)", shape: .area, points: upper + lower.reversed())
    }
    return Plot(
      title: "Share of each tier against threshold",
      summary: "Share of requests per tier while the threshold rises",
      x: .init(
        title: "gain asked for the way from cheapest to most expensive tier (probability)",
        domain: 0...max(xs.last ?? 1, 1e-6)
      ),
      y: .init(title: "requests (%)", domain: 0...100), marks: marks)
  }

  private var costSpan: Double {
    let costs = frontier.tierCosts.values
    return (costs.max() ?? 1) - (costs.min() ?? 0)
  }

  /// 0, the first share, the first two shares and so on, to 1.
  private static func cumulativeShares(_ shares: [[Double]]) -> [[Double]] {
    shares.map { $0.reduce(into: [0.0]) { sums, share in sums.append(sums[sums.count - 1] + share) } }
  }

  /// Observed quality against predicted probability, one plot per tier.
  func reliabilityPlot(_ head: HeadMetrics, style: String) -> Plot {
    let bins = head.reliability.bins
    let points = bins.map { bin in
      PlotMark.Point(
        x: bin.meanProbability, y: bin.meanQuality,
        tip: "\(NumberFormat.count(bin.rows)) rows: predicted \(NumberFormat.decimal(bin.meanProbability)), "
          + "observed \(NumberFormat.decimal(bin.meanQuality))")
    }
    let counts = bins.map(\.rows)
    let range =
      counts.isEmpty ? "no" : "\(NumberFormat.count(counts.min() ?? 0)) to \(NumberFormat.count(counts.max() ?? 0))"
    return Plot(
      title: "Reliability of \(SafeText.name(head.tier))",
      summary: "Observed quality over predicted probability for \(SafeText.name(head.tier))",
      x: .init(title: "predicted P(good)", domain: 0...1), y: .init(title: "observed mean quality", domain: 0...1),
      marks: [
        PlotMark(
          name: "perfectly calibrated", style: "random", shape: .dashed, points: [.init(x: 0, y: 0), .init(x: 1, y: 1)]),
        PlotMark(
          name: "\(bins.count) bins, \(range) rows each", style: style, shape: .bubbles(counts.map(Double.init)),
          points: points),
      ], width: 400, height: 340)
  }
}
