/// A part of an audit as people read it: what it says, then the tables behind it.
struct AuditSection {
  var name: String
  var title: String
  var sentences: [String] = []
  var plots: [Plot] = []
  var tables: [AuditTable] = []

  init(_ name: String, _ title: String) { (self.name, self.title) = (name, title) }
}

extension AuditReport {
  /// All parts, the most important first.
  var sections: [AuditSection] {
    [
      moneySection, qualitySection, reasonSection, dearestSection, misroutingSection, thresholdSection, driftSection,
      experimentSection, targetSection, taskSection, changeSection, unknownSection, methodSection,
    ]
  }

  /// The tables of all parts.
  package var tables: [AuditTable] { sections.flatMap(\.tables).filter { !$0.isEmpty } }
}
