extension LogRecord {
  /// The probability with which a cascade went on to the model or tier of a name, given the answers before: 1 for what it began
  /// with, and for what was no step of it. By what chance it began there says ``propensity``.
  package func reach(of name: String) -> Double {
    guard let steps, let place = steps.firstIndex(where: { $0.tier == name }) else { return 1 }
    return steps[...place].dropFirst().reduce(1) { $0 * $1.propensity }
  }
}
