/// What is taken for true where a log does not say.
extension LogRecord {
  /// The model or tier whose answer the client got: ``served``, else the only outcome with a quality. Outcomes that are
  /// known to be copies of the request, asked beside the one that served, are left out; `nil` where several remain.
  package var servedName: String? {
    if let served { return served }
    let rated = outcomes.filter { $0.quality != nil && !$0.isBesideTheServed }
    return rated.count == 1 ? rated[0].name : nil
  }

  /// Whether chance could have drawn another tier: ``eligible``, else whether the propensity is known to be below 1.
  package var isEligible: Bool { eligible ?? propensity.map { $0 < 1 } ?? false }

  /// Whether the request could have gone to the model or tier of this name: every one, where ``allowed`` is unknown.
  package func allows(_ name: String) -> Bool { allowed?.contains(name) ?? true }
}

extension ModelOutcome {
  fileprivate var isBesideTheServed: Bool {
    switch origin {
    case .shadow, .audit, .collected: true
    case .served, .feedback, nil: false
    }
  }
}
