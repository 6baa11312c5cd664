extension AdamW {
  init(_ parameters: MLPParameters) {
    self.init(
      firstRate: parameters.firstMomentRate, secondRate: parameters.secondMomentRate, epsilon: parameters.epsilon)
  }

  /// Updates the dense vector and the touched table rows.
  ///
  /// - Parameter rate: η, the learning rate of this update.
  func update(
    _ state: inout MLPTrainingState, by gradient: MLPGradient, touched: [Int32], shape: MLPArchitecture,
    parameters: MLPParameters, rate: Float, pool: WorkerPool
  ) {
    for column in touched {
      state.touches[Int(column)] = min(state.touches[Int(column)] + 1, Float(Self.countLimit))
    }
    let denseSlices = slices(updates: state.progress.updates, shape, parameters)
    update(
      &state.weights.dense, first: &state.firstMoments.dense, second: &state.secondMoments.dense, by: gradient.dense,
      slices: denseSlices,
      rate: rate, pool: pool)
    let tableSlices = slices(touched: touched, touches: state.touches, shape, parameters)
    update(
      &state.weights.table, first: &state.firstMoments.table, second: &state.secondMoments.table, by: gradient.table,
      slices: tableSlices,
      rate: rate, pool: pool)
  }

  /// The parts of the dense vector; biases do not decay.
  private func slices(updates: Int, _ shape: MLPArchitecture, _ parameters: MLPParameters) -> [Slice] {
    [
      (shape.hidden, parameters.denseDecay), (shape.hiddenBias, 0), (shape.output, parameters.denseDecay),
      (shape.outputBias, 0), (shape.wideDense, parameters.wideDecay),
    ].map { Slice(places: $0, gradientStart: $0.lowerBound, count: updates, decay: $1) }
  }

  /// The embedding and the wide weights of each touched row.
  private func slices(
    touched: [Int32], touches: [Float], _ shape: MLPArchitecture, _ parameters: MLPParameters
  ) -> [Slice] {
    var result: [Slice] = []
    result.reserveCapacity(2 * touched.count)
    for (place, column) in touched.enumerated() {
      let start = Int(column) * shape.tableStride
      let middle = start + shape.embeddingWidth
      let source = place * shape.tableStride
      let count = Int(touches[Int(column)])
      result.append(
        Slice(places: start..<middle, gradientStart: source, count: count, decay: parameters.embeddingDecay))
      result.append(
        Slice(
          places: middle..<start + shape.tableStride, gradientStart: source + shape.embeddingWidth, count: count,
          decay: parameters.wideDecay))
    }
    return result
  }
}
