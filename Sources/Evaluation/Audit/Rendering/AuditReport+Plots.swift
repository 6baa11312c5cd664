extension AuditReport {
  /// The plots of all parts as figures, for a page that has ``PageStyle`` and writes the figures itself.
  package var plotsHTML: String { sections.flatMap(\.plots).map(\.html).joined(separator: "\n") }
}
