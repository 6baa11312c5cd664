extension Model {
  /// Storage for scoring with this model.
  ///
  /// - Complexity: allocates its buffers, `2^bucketBits / 8` bytes and some for each head; they grow with the largest request.
  public func makeScratch() -> Scratch { Scratch(contents) }

  /// Scores a request: ``Scratch/logits`` and ``Scratch/probabilities`` of `scratch` hold the result, and
  /// ``Scratch/taskProbabilities`` and ``Scratch/expectedCostUSD`` where the model has heads for them.
  ///
  /// - Precondition: `scratch` was made by this model or by one of the same shape.
  /// - Complexity: O(bytes) up to the 32 KiB that are read. No allocation in steady use.
  public func score(_ request: Request, into scratch: inout Scratch) {
    score(content: request, into: &scratch)
  }

  /// Scores a request whose texts the caller keeps, as ``score(_:into:)-(Request,_)`` does.
  public func score(_ request: BorrowedRequest, into scratch: inout Scratch) {
    score(content: request, into: &scratch)
  }

  /// Scores a request wherever its texts lie.
  func score(content request: some RequestContent, into scratch: inout Scratch) {
    contents.extractor.extract(content: request, into: &scratch.features)
    scratch.promptBytes = request.textBytes
    contents.scoreFeatures(into: &scratch)
  }

  /// Scores stored features; see ``score(_:into:)-(Request,_)``.
  ///
  /// - Precondition: the features fit the model's options.
  package func score(_ features: StoredFeatures, into scratch: inout Scratch) {
    precondition(features.fit(extractor.options), "stored features of another schema or other options")
    scratch.features.load(features)
    scratch.promptBytes = features.textBytes
    contents.scoreFeatures(into: &scratch)
  }
}

extension ModelContents {
  /// Scores the features and the length that `scratch` holds.
  func scoreFeatures(into scratch: inout Scratch) {
    standardizer.apply(scratch.features.dense, to: &scratch.standardised)
    sumGrams(into: &scratch)
    heads.score(
      sums: scratch.sums, dense: scratch.standardised, to: &scratch.logits, using: &scratch.headBuffers)
    for tier in scratch.logits.indices {
      scratch.logits[tier] = finite(scratch.logits[tier])
      scratch.probabilities[tier] = calibrations[tier].probability(scratch.logits[tier])
    }
    if let jointCalibration {
      jointCalibration.correct(
        &scratch.probabilities, logits: scratch.logits, by: calibrations, using: &scratch.independent)
    }
    if let unfamiliarity {
      scratch.familiarity = unfamiliarity.reading(logit: scratch.headBuffers.linear[scratch.logits.count])
      unfamiliarity.mix(&scratch.probabilities, by: scratch.familiarity.share)
    }
    if let taskHead {
      taskHead.apply(scratch.features.bucketSet.slice, dense: scratch.standardised, using: &scratch.taskBuffers)
    }
    if let costHead {
      costHead.apply(dense: scratch.standardised, promptBytes: scratch.promptBytes, using: &scratch.costBuffers)
    }
  }

  private func sumGrams(into scratch: inout Scratch) {
    for column in scratch.sums.indices { scratch.sums[column] = 0 }
    var start = 0
    for namespace in 0..<4 {
      let end = scratch.features.groupEnds[namespace]
      if start < end {
        table.addNormalised(
          scratch.features.bucketSet.storage[start..<end], to: &scratch.sums, using: &scratch.totals)
      }
      start = end
    }
  }
}

extension Scratch {
  /// The most probable kind of task, or `nil` for a model without a task head.
  public var task: TaskKind? {
    let probabilities = taskBuffers.probabilities
    guard !probabilities.isEmpty else { return nil }
    var best = 0
    for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
    return TaskKind(rawValue: UInt8(best))
  }
}
