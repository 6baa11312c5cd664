extension DriftReference {
  /// The tensors of the part.
  package var tensors: [Tensor] {
    let (count, tiers) = (blocks.count, labels.count)
    return [
      Tensor(name: TensorName.driftBins, shape: [statistics.count], int64s: statistics.map { $0.bins }),
      Tensor(
        name: TensorName.driftEdges, shape: [statistics.reduce(0) { $0 + $1.edges.count }],
        doubles: statistics.flatMap { $0.edges }),
      Tensor(name: TensorName.driftDay, shape: [count], int64s: blocks.map { $0.day }),
      Tensor(name: TensorName.driftGroup, shape: [count], int64s: blocks.map { $0.group }),
      Tensor(name: TensorName.driftRows, shape: [count], int64s: blocks.map { $0.rows }),
      Tensor(name: TensorName.driftBlockWeight, shape: [count], doubles: blocks.map { $0.weight }),
      Tensor(name: TensorName.driftQuality, shape: [count, tiers], doubles: blocks.flatMap { $0.quality }),
      Tensor(
        name: TensorName.driftWeight, shape: [count, binCount], floats: blocks.flatMap { $0.bins.map { Float($0) } }),
      Tensor(
        name: TensorName.driftCalibration, shape: [2, tiers],
        doubles: (calibrationErrors + judgeBiases).map { $0 ?? -1 }),
      Tensor(name: TensorName.driftLabels, shape: [tiers], int64s: labels),
    ]
  }

  /// The entry of the metadata. Names of statistics need no escapes.
  package var description: String {
    let names = statistics.map { "\"\($0.name)\"" }.joined(separator: ",")
    return "{\"source\":\"\(source.rawValue)\",\"begin\":\(begin),\"end\":\(end),\"rows\":\(rows),"
      + "\"conversations\":\(conversations),\"days\":\(days),\"groups\":\(groups),\"statistics\":[\(names)]}"
  }
}
