extension DriftReference {
  /// What a file calls the part.
  package static let part = "drift"

  static let keys = ["source", "begin", "end", "rows", "conversations", "days", "groups", "statistics"]

  /// What the metadata says, before its tensors are looked at.
  private struct Counts {
    var rows: Int
    var days: Int
  }

  /// Reads what the metadata describes.
  ///
  /// - Parameter hasTaskHead: whether the model distinguishes kinds of task.
  init(
    from reader: inout ModelReader, tiers: Int, hasTaskHead: Bool, leastSeconds: Int = leastLiveSeconds
  ) throws(ModelFileError) {
    self.init(tiers: tiers)
    let counts = try readDescription(reader, hasTaskHead: hasTaskHead, leastSeconds: leastSeconds)
    try readStatistics(&reader)
    try readBlocks(&reader, counts)
    try readCalibration(&reader, rows: counts.rows)
  }

  private var tierCount: Int { labels.count }

  private mutating func readDescription(
    _ reader: ModelReader, hasTaskHead: Bool, leastSeconds: Int
  ) throws(ModelFileError) -> Counts {
    let (key, found) = (Self.part, try reader.text(Self.part))
    func refusal(_ expected: String) -> ModelFileError { .metadataValue(key: key, expected: expected, found: found) }
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span), members.map({ $0.name }) == Self.keys,
      case .array(let names) = members[7].value
    else { throw refusal("an object with \(Self.keys.joined(separator: ", "))") }
    guard case .string(let name) = members[0].value, let source = Source(rawValue: name) else {
      throw refusal("source none, training or live")
    }
    let numbers = members[1...6].map { if case .integer(let number) = $0.value { number } else { -1 } }
    guard !numbers.contains(-1) else { throw refusal("integers \(Self.keys[1...6].joined(separator: ", "))") }
    (self.source, begin, end, conversations, groups) = (source, numbers[0], numbers[1], numbers[3], numbers[5])
    let (rows, days) = (numbers[2], numbers[4])
    guard begin < end || (begin == 0 && end == 0) else { throw refusal("begin before end, or both 0") }
    if source == .live, end - begin < leastSeconds {
      throw refusal("at least \(leastSeconds) seconds of live traffic")
    }
    if source == .none {
      guard numbers == [0, 0, 0, 0, 0, 1], names.isEmpty else { throw refusal("nothing counted without a reference") }
      return Counts(rows: 0, days: 0)
    }
    guard rows > 0, conversations > 0, conversations <= rows, !names.isEmpty else {
      throw refusal("1 to rows conversations and at least one statistic")
    }
    guard (days > 0) == (end > 0) else { throw refusal("days exactly where rows have times") }
    guard (1...Self.greatestCount).contains(groups) else { throw refusal("1 to \(Self.greatestCount) groups") }
    for element in names {
      guard case .string(let name) = element, Statistic.kind(of: name, tiers: tierCount) != nil,
        !statistics.contains(where: { $0.name == name })
      else { throw refusal("different statistics of this model") }
      guard name != "share.task" || hasTaskHead else { throw refusal("a task head beside share.task") }
      statistics.append(Statistic(name: name, edges: [], bins: 0))
    }
    return Counts(rows: rows, days: days)
  }

  private mutating func readStatistics(_ reader: inout ModelReader) throws(ModelFileError) {
    let bins = try reader.readIntegers(TensorName.driftBins, [statistics.count])
    var edgeCounts: [Int] = []
    for (index, count) in bins.enumerated() {
      guard let kind = Statistic.kind(of: statistics[index].name, tiers: tierCount) else { continue }
      func refusal(_ expected: String) -> ModelFileError {
        .tensorValue(tensor: TensorName.driftBins, index: index, expected: expected)
      }
      switch kind {
      case .choice(let choices):
        guard count == choices else { throw refusal("\(choices)") }
        edgeCounts.append(0)
      case .flag:
        guard count == 2 else { throw refusal("2") }
        edgeCounts.append(0)
      case .number:
        guard (1...Self.greatestCount).contains(count) else { throw refusal("1 to \(Self.greatestCount) bins") }
        edgeCounts.append(count - 1)
      case .answer:
        guard (2...Self.greatestCount).contains(count) else { throw refusal("2 to \(Self.greatestCount) bins") }
        edgeCounts.append(count - 2)
      }
      statistics[index].bins = count
    }
    let edges = try reader.readDoubles(
      TensorName.driftEdges, [edgeCounts.reduce(0, +)], "a finite number", { $0.isFinite })
    var start = 0
    for index in statistics.indices {
      let own = edges[start..<start + edgeCounts[index]]
      for place in own.indices.dropFirst() where own[place] <= own[place - 1] {
        throw .tensorValue(tensor: TensorName.driftEdges, index: place, expected: "edges that rise")
      }
      statistics[index].edges = Array(own)
      start += own.count
    }
  }

  private mutating func readBlocks(_ reader: inout ModelReader, _ counts: Counts) throws(ModelFileError) {
    let count = reader[TensorName.driftDay].flatMap { $0.shape.first } ?? 0
    let days = try reader.readIntegers(TensorName.driftDay, [count])
    let owners = try reader.readIntegers(TensorName.driftGroup, [count])
    let rows = try reader.readIntegers(TensorName.driftRows, [count])
    let weights = try reader.readDoubles(TensorName.driftBlockWeight, [count], "a weight above 0, at most 1e12") {
      $0 > 0 && $0 <= Self.greatestWeight
    }
    let quality = try reader.readDoubles(
      TensorName.driftQuality, [count, tierCount], "0 to the block's weight", { $0 >= 0 && $0.isFinite })
    let bins = try reader.readFloats(TensorName.driftWeight, [count, binCount])
    for index in 0..<count {
      guard end > 0 ? days[index] >= 0 : days[index] == -1 else {
        throw .tensorValue(tensor: TensorName.driftDay, index: index, expected: end > 0 ? "a day from 0" : "-1")
      }
      let rises =
        index == 0 || (days[index - 1], owners[index - 1]) < (days[index], owners[index])
      guard (0..<groups).contains(owners[index]), rises else {
        throw .tensorValue(
          tensor: TensorName.driftGroup, index: index,
          expected: "groups from 0 below \(groups), days and groups rising")
      }
      guard rows[index] > 0 else {
        throw .tensorValue(tensor: TensorName.driftRows, index: index, expected: "at least one row")
      }
      var block = Block(day: days[index], group: owners[index], tiers: tierCount, bins: binCount)
      (block.rows, block.weight) = (rows[index], weights[index])
      block.quality = Array(quality[index * tierCount..<(index + 1) * tierCount])
      block.bins = bins[index * binCount..<(index + 1) * binCount].map { Double($0) }
      try check(block, index)
      blocks.append(block)
    }
    try checkCounts(reader, counts)
  }

  /// What holds between the numbers of one block.
  private func check(_ block: Block, _ index: Int) throws(ModelFileError) {
    let room = block.weight * (1 + Self.tolerance)
    for tier in 0..<tierCount where block.quality[tier] > room {
      throw .tensorValue(
        tensor: TensorName.driftQuality, index: index * tierCount + tier, expected: "0 to the block's weight")
    }
    if let place = block.bins.firstIndex(where: { $0 < 0 }) {
      throw .tensorValue(
        tensor: TensorName.driftWeight, index: index * binCount + place, expected: "a weight of at least 0")
    }
    for (statistic, start) in zip(statistics, binStarts) {
      let sum = block.bins[start..<start + statistic.bins].reduce(0, +)
      let first = index * binCount + start
      switch Statistic.kind(of: statistic.name, tiers: tierCount) {
      case .answer, .flag:
        if sum > room {
          throw .tensorValue(tensor: TensorName.driftWeight, index: first, expected: "at most the block's weight")
        }
      default:
        guard abs(sum - block.weight) <= block.weight * Self.tolerance else {
          throw .tensorValue(
            tensor: TensorName.driftWeight, index: first, expected: "bins that add up to the block's weight")
        }
      }
    }
  }

  /// What sums of single-precision bins may differ by.
  private static let tolerance = 1e-5

  private func checkCounts(_ reader: ModelReader, _ counts: Counts) throws(ModelFileError) {
    let found = try reader.text(Self.part)
    guard days == counts.days else {
      throw .metadataValue(key: Self.part, expected: "the number of days of its blocks", found: found)
    }
    var sum = 0
    for block in blocks {
      let (next, overflow) = sum.addingReportingOverflow(block.rows)
      guard !overflow else {
        throw .metadataValue(key: Self.part, expected: "the number of rows of its blocks", found: found)
      }
      sum = next
    }
    guard sum == counts.rows else {
      throw .metadataValue(key: Self.part, expected: "the number of rows of its blocks", found: found)
    }
  }

  private mutating func readCalibration(_ reader: inout ModelReader, rows: Int) throws(ModelFileError) {
    let tiers = tierCount
    let errors = try reader.readDoubles(TensorName.driftCalibration, [2, tiers], "0 to 1, or -1 for unknown") {
      $0 == -1 || ($0 >= 0 && $0 <= 1)
    }
    func known(_ value: Double) -> Double? { value < 0 ? nil : value }
    calibrationErrors = errors[..<tiers].map(known)
    judgeBiases = errors[tiers...].map(known)
    labels = try reader.readIntegers(TensorName.driftLabels, [tiers])
    let most = source == .none ? Int.max : rows
    if let index = labels.firstIndex(where: { $0 < 0 || $0 > most }) {
      throw .tensorValue(tensor: TensorName.driftLabels, index: index, expected: "0 to rows")
    }
  }
}
