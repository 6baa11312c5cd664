import TextKit

extension CascadeReport {
  var title: String { "Cascade that reads responses, out of fold, \(NumberFormat.count(rows)) rows" }

  /// The levels side by side.
  var table: TextTable {
    var table = TextTable(
      [
        "quality to keep", "dollars saved", "interval", "quality kept", "attempts", "escalated", "router saves",
        "over router", "form saves", "kept by chance",
      ], wordColumns: [0, 2, 7])
    for level in levels {
      table.append([
        NumberFormat.percent(level.quality), percent(level.saved.estimate), range(level.saved),
        percent(level.qualityKept.estimate), NumberFormat.decimal(level.attempts, places: 2), percent(level.escalated),
        percent(level.savedByRouter.estimate), range(level.savedOverRouter), percent(level.savedByForm?.estimate),
        percent(level.qualityKeptByChance),
      ])
    }
    return table
  }

  /// Areas and gaps with their intervals.
  var figureTable: TextTable {
    let rows: [(String, Interval?)] = [
      ("area, chosen: \(member.rawValue)", figures.area), ("area, router of prompts", figures.routerArea),
      ("area, every request from the first tier", figures.cascadeArea), ("area, check by form alone", figures.formArea),
      ("chosen over router", figures.areaOverRouter), ("chosen over the first tier first", figures.areaOverCascade),
      ("chosen over form alone", figures.areaOverForm), ("APGR given the response", figures.apgr),
      ("APGR given the prompt", figures.promptAPGR), ("response over prompt", figures.apgrOverPrompt),
    ]
    var table = TextTable(["figure", "value", "interval"], wordColumns: [0, 2])
    for (name, interval) in rows {
      table.append([name, NumberFormat.decimal(interval?.estimate), EvaluationReport.range(interval)])
    }
    return table
  }

  /// The groups side by side; `nil` without any.
  var groupTable: TextTable? {
    guard !groups.isEmpty else { return nil }
    var table = TextTable(["group", "rows", "dollars saved", "quality kept", "attempts"])
    for group in groups {
      table.append([
        group.name, NumberFormat.count(group.rows), percent(group.saved), percent(group.qualityKept),
        NumberFormat.decimal(group.attempts, places: 2),
      ])
    }
    return table
  }

  /// What a reader must know beside the tables.
  var sentences: [String] {
    if let refused { return [refused] }
    var sentences: [String] = []
    if let oracle {
      sentences.append(
        "A check that is never wrong would save \(percent(oracle.saved)) and keep \(percent(oracle.qualityKept)).")
    }
    if let latency = levels.last?.addedLatencyMilliseconds {
      sentences.append(
        "At the last level escalated requests add \(NumberFormat.decimal(latency, places: 0)) ms on average over all requests."
      )
    }
    return sentences
  }

  private func percent(_ share: Double?) -> String { NumberFormat.percent(share, places: 1) }

  private func range(_ interval: Interval) -> String { "\(percent(interval.lower)) to \(percent(interval.upper))" }
}
