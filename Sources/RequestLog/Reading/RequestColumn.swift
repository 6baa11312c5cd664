/// The columns of `requests` that a reader asks for, in the order that it gets them.
enum RequestColumn: Int, CaseIterable {
  case id, dataset, request, tier, weight, task, propensity, timestamp
  case features, served, allowed, eligible, conversation, policyHash, steps, labelRate, auditRate, failed

  var name: String {
    switch self {
    case .policyHash: "policy_hash"
    case .labelRate: "label_rate"
    case .auditRate: "audit_rate"
    default: "\(self)"
    }
  }

  /// Whether a log may lack the column: those of earlier schemas and of other programs do.
  var isOptional: Bool { rawValue >= Self.features.rawValue }
}

/// The columns of `outcomes` that a reader asks for, in the order that it gets them.
enum OutcomeColumn: Int, CaseIterable {
  case name, quality, costUSD, outputTokens, latencyMilliseconds
  case inclusion, origin, answer, gold, responseFeatures

  var name: String {
    switch self {
    case .costUSD: "cost_usd"
    case .outputTokens: "output_tokens"
    case .latencyMilliseconds: "latency_ms"
    case .responseFeatures: "response_features"
    default: "\(self)"
    }
  }

  /// Whether a log may lack the column.
  var isOptional: Bool { rawValue >= Self.inclusion.rawValue }
}
