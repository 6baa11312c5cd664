extension Dataset {
  /// What rows must share a fold with: their near-duplicates, the same question with other choices, and the other turns of their
  /// conversation.
  ///
  /// Where more rows look alike than half a fold holds, they are made from a template, such as sums of other numbers; what
  /// distinguishes those is their exact content, and so it does where near-duplicates would leave fewer groups than folds.
  /// Conversations that a common turn, such as a greeting, ties to more rows than that stand alone again, and so do
  /// questions such as "Which of these is true?".
  /// - Returns: a key for each of `rows`, in their order.
  func foldGroups(_ rows: [Int], folds: Int) -> [UInt64] {
    var sizes: [UInt64: Int] = [:]
    for row in rows { sizes[nearKeys[row], default: 0] += 1 }
    let limit = max(3, rows.count / (2 * max(folds, 1)))
    guard sizes.count >= folds else { return rows.map { contentHashes[$0] } }
    let keys = rows.map { (sizes[nearKeys[$0]] ?? 0) > limit ? contentHashes[$0] : nearKeys[$0] }
    guard !conversations.isEmpty || !stemKeys.isEmpty else { return keys }
    let joined = joining(keys, rows, limit: limit)
    return Set(joined).count >= folds ? joined : keys
  }

  private func joining(_ keys: [UInt64], _ rows: [Int], limit: Int) -> [UInt64] {
    let stems = rareStems(rows, limit: limit)
    var sets = JoinedSets(count: rows.count)
    var firstOfKey: [UInt64: Int] = [:]
    var firstOfStem: [UInt64: Int] = [:]
    var firstOfConversation: [UInt64: Int] = [:]
    for (place, row) in rows.enumerated() {
      if let first = firstOfKey.updateValue(place, forKey: keys[place]) { sets.join(first, place) }
      if stems[place] != 0, let first = firstOfStem.updateValue(place, forKey: stems[place]) { sets.join(first, place) }
      let conversation = conversation(ofRow: row)
      guard conversation != 0 else { continue }
      if let first = firstOfConversation.updateValue(place, forKey: conversation) { sets.join(first, place) }
    }
    let heads = rows.indices.map { sets.head(of: $0) }
    var sizes = [Int](repeating: 0, count: rows.count)
    for head in heads { sizes[head] += 1 }
    return rows.indices.map { place in
      if sizes[heads[place]] <= limit { return keys[heads[place]] }
      let conversation = conversation(ofRow: rows[place])
      return conversation != 0 ? conversation : keys[place]
    }
  }
}

extension Dataset {
  /// The stems of rows, 0 for those of more rows than a group may have: they say nothing of a question.
  private func rareStems(_ rows: [Int], limit: Int) -> [UInt64] {
    let stems = rows.map(stem(ofRow:))
    var sizes: [UInt64: Int] = [:]
    for stem in stems { sizes[stem, default: 0] += 1 }
    return stems.map { (sizes[$0] ?? 0) > limit ? 0 : $0 }
  }
}

/// Sets that are joined and never parted; each is named by its least member. Source: R. E. Tarjan, "Efficiency of a good but
/// not linear set union algorithm", 1975, with paths halved.
private struct JoinedSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  /// The least member of a set.
  mutating func head(of member: Int) -> Int {
    var place = member
    while parents[place] != place {
      parents[place] = parents[parents[place]]
      place = parents[place]
    }
    return place
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (left, right) = (head(of: one), head(of: other))
    parents[max(left, right)] = min(left, right)
  }
}

extension Dataset {
  /// Rows that ask what an earlier one asks and know other tiers, none of them all: parts of records that only their ids keep
  /// apart.
  package var splitRows: Int {
    var tiersOfFirst: [UInt64: UInt64] = [:]
    var count = 0
    for row in 0..<rows {
      let known = tierNames.indices.reduce(UInt64(0)) { $0 | (labels[row, $1].isNaN ? 0 : 1 << UInt64($1)) }
      guard known != 0, known.nonzeroBitCount < tierNames.count else { continue }
      let first = tiersOfFirst[contentHashes[row]]
      if first == nil { tiersOfFirst[contentHashes[row]] = known }
      if let first, first != known { count += 1 }
    }
    return count
  }
}
