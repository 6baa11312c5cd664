import TextKit

extension AuditReport {
  var targetSection: AuditSection {
    var section = AuditSection("targets", "Models: time, cost per good answer")
    if total.decisions > 0 {
      let mean = Double(total.decisionNanoseconds) / Double(total.decisions) / 1_000
      section.sentences = ["A routing decision took \(NumberFormat.short(mean, digits: 3)) µs on average."]
    }
    section.sentences.append(
      "A request counts for the model that answered it; attempts that failed before are not in this table, and stand by model in the gateway's "
        + "metrics (ockham_gateway_attempts_total)."
    )
    section.tables = [table("targets", "By model", targets.targets, withTask: false)]
    return section
  }

  var taskSection: AuditSection {
    var section = AuditSection("tasks", "Accuracy, cost and time by kind of task and model")
    section.tables = [table("tasks", "By kind of task and model", targets.tasks, withTask: true)]
    return section
  }

  private func table(_ name: String, _ title: String, _ parts: [AuditTargets.Part], withTask: Bool) -> AuditTable {
    let task: [(String, String, AuditTable.Kind)] = withTask ? [("task", "task", .word)] : []
    var table = AuditTable(
      name, title,
      columns: task + [
        ("target", "model", .word), ("requests", "requests", .figure), ("failures", "without an answer", .figure),
        ("fallbacks", "moved on to it", .figure), ("p50_ms", "half within", .figure),
        ("p95_ms", "95 % within", .figure),
        ("p99_ms", "99 % within", .figure), ("ttft_ms", "first token, half within", .figure),
        ("mean_usd", "per request", .figure), ("ratings", "ratings", .figure), ("quality", "quality", .figure),
        ("per_good_usd", "per good answer", .figure),
      ])
    for part in parts {
      table.append(
        (withTask ? [.text(part.task?.isEmpty == false ? part.task : nil)] : []) + [
          .text(part.target), .count(part.requests), .figure(part.failures, .share), .count(part.fallbacks),
          .milliseconds(part.median), .milliseconds(part.slow), .milliseconds(part.slowest),
          .milliseconds(part.firstToken), .usd(part.meanUSD), .count(part.ratings), .figure(part.quality, .share),
          .usd(part.perGoodUSD),
        ])
    }
    return table
  }
}
