import Foundation

extension LabelledHead {
  /// The least distance of a probability from 0 and 1 in ``logLoss``: half the step of single precision below 1, which
  /// is as close as a head's output comes to certainty without reaching it.
  package static let probabilityFloor = 0x1p-25

  /// The cross-entropy −Σ w·(q·ln p + (1 − q)·ln(1 − p)) / Σ w in nats, with p clipped to
  /// [``probabilityFloor``, 1 − ``probabilityFloor``]; 0 or more, `nil` without rows.
  package var logLoss: Double? {
    mean { row in
      let p = min(max(probabilities[row], Self.probabilityFloor), 1 - Self.probabilityFloor)
      return -(labels[row] * log(p) + (1 - labels[row]) * log1p(-p))
    }
  }

  /// The mean squared error Σ w·(p − q)² / Σ w (Brier 1950), 0…1; `nil` without rows.
  package var brier: Double? {
    mean { row in (probabilities[row] - labels[row]) * (probabilities[row] - labels[row]) }
  }

  /// The area under the ROC curve: the probability that a row of quality ≥ 0.5 is given a higher p than a row below,
  /// ties counting half; weighted by the product of the two rows' weights. 0…1; `nil` unless both kinds occur.
  ///
  /// - Complexity: O(m log m).
  package var areaUnderROC: Double? {
    var wonWeight = 0.0
    var goodTotal = 0.0
    var badTotal = 0.0
    for group in tieGroups {
      var good = 0.0
      var bad = 0.0
      for row in group { if labels[row] >= 0.5 { good += weights[row] } else { bad += weights[row] } }
      wonWeight += good * (badTotal + bad / 2)
      goodTotal += good
      badTotal += bad
    }
    return goodTotal > 0 && badTotal > 0 ? wonWeight / (goodTotal * badTotal) : nil
  }

  /// The rows in ascending order of probability, rows of equal probability together.
  var tieGroups: [ArraySlice<Int>] {
    let order = (0..<count).sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
    var groups: [ArraySlice<Int>] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, probabilities[order[end]] == probabilities[order[start]] { end += 1 }
      groups.append(order[start..<end])
      start = end
    }
    return groups
  }
}
