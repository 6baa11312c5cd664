/// The requests of one kind in a replay, by themselves.
package struct ReplayGroup: Sendable, Equatable {
  /// What requests are distinguished by.
  package enum Kind: String, Sendable, CaseIterable {
    /// Where they went and would go.
    case tier
    case task
    /// The set, customer or key that they come from.
    case dataset
  }

  package var kind: Kind
  /// As the log has it; of tiers, both by name.
  package var name: String
  package var rows: Int
  /// The share of its rows, by weight, on which the policies differ.
  package var disagreement: Double
  package var estimates: [ReplayQuantity: ReplayEstimate]
}

extension ReplayLog {
  /// The groups of one kind, the largest first.
  func groups(by kind: ReplayGroup.Kind, _ bootstrap: BootstrapParameters) -> [ReplayGroup] {
    let rows = Dictionary(grouping: 0..<rowCount) { groupName($0, kind) }
    return rows.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { name, rows in
      let part = selecting(rows)
      return ReplayGroup(
        kind: kind, name: name, rows: rows.count, disagreement: part.share(part.differs),
        estimates: part.estimates(bootstrap))
    }
  }

  /// The estimate of every quantity.
  func estimates(
    _ bootstrap: BootstrapParameters, span: ReplayEstimate.Span = .period, reach: Double = 0.01
  ) -> [ReplayQuantity: ReplayEstimate] {
    Dictionary(
      uniqueKeysWithValues: ReplayQuantity.allCases.map {
        ($0, ReplayEstimate(self, $0, bootstrap: bootstrap, span: span, reach: reach))
      })
  }

  private func groupName(_ row: Int, _ kind: ReplayGroup.Kind) -> String {
    switch kind {
    case .tier:
      let names = [incumbent[row], candidate[row]].map { log.tierNames[$0] }
      return differs(row) ? "\(names[0]) → \(names[1])" : names[0]
    case .task: return Grouping.task.name(of: log.origins[row])
    case .dataset: return Grouping.dataset.name(of: log.origins[row])
    }
  }
}
