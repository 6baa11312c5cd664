import Statistics

/// What each tier is expected to give for each row, predicted without the row's own conversation.
struct TierForecast {
  /// [n × T]; NaN where nothing is known of a tier.
  let values: Matrix<Double>

  /// Of quality the model's calibrated probabilities; of all else the mean of the tier over what the other conversations know.
  init(_ replay: ReplayLog, _ quantity: ReplayQuantity) {
    let tierCount = replay.log.tierCount
    if quantity == .quality {
      values = Matrix(replay.log.probability.elements.map(Double.init), columns: tierCount)
      return
    }
    var all = [(sum: Double, weight: Double)](repeating: (0, 0), count: tierCount)
    var own = [Int: [(sum: Double, weight: Double)]](minimumCapacity: replay.conversationCount)
    for row in 0..<replay.rowCount {
      let labels = replay.labels(row, quantity)
      for tier in 0..<tierCount {
        guard let value = labels.value(tier) else { continue }
        let weight = replay.log.weights[row]
        all[tier] = (all[tier].sum + weight * value, all[tier].weight + weight)
        let conversation = replay.conversations[row]
        var part = own[conversation] ?? [(sum: Double, weight: Double)](repeating: (0, 0), count: tierCount)
        part[tier] = (part[tier].sum + weight * value, part[tier].weight + weight)
        own[conversation] = part
      }
    }
    let none = [(sum: Double, weight: Double)](repeating: (0, 0), count: tierCount)
    var elements: [Double] = []
    elements.reserveCapacity(replay.rowCount * tierCount)
    for row in 0..<replay.rowCount {
      let part = own[replay.conversations[row]] ?? none
      for tier in 0..<tierCount {
        // A difference of sums that should be 0 may be a little off it: half the least weight is far above that.
        let weight = all[tier].weight - part[tier].weight
        elements.append(weight > 1e-9 * all[tier].weight ? (all[tier].sum - part[tier].sum) / weight : .nan)
      }
    }
    values = Matrix(elements, columns: tierCount)
  }
}

extension ReplayLog {
  /// What labels say about a row.
  func labels(_ row: Int, _ quantity: ReplayQuantity) -> LabelledRow {
    LabelledRow(record: records[row], draw: log.draws[row], quantity: quantity)
  }
}
