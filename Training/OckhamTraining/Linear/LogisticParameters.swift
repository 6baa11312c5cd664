/// How a linear model is fitted.
///
/// The objective of a head is Σ_i w_i · loss_i / Σ_i w_i over its known labels + ½ λ_s ‖W_sparse‖² + ½ λ_d ‖W_dense‖²;
/// the bias goes unpenalised, and the objective of all heads is the sum. With n rows of weight 1, scikit-learn's C is
/// 1 / (n λ).
package struct LogisticParameters: Sendable, Equatable {
  /// λ_s, the strength on the sparse columns; at least 0.
  package var l2Sparse: Double

  /// λ_d, the strength on the dense columns; at least 0.
  package var l2Dense: Double

  /// λ_f, the strength of the penalty on what frames do; at least 0. See ``FrameForm``.
  package var l2Frames: Double

  /// ρ of the sparse and of the dense weights: how alike those of two heads are taken to be; in 0..<1. See
  /// ``MultiTaskCoupling``. Softmax heads have none.
  package var sparseCorrelation: Double
  package var denseCorrelation: Double

  /// Stops when the loss is about tolerance² / 2 above its minimum; above 0. See ``LBFGS/gradientTolerance``.
  package var gradientTolerance: Double

  /// The most iterations; at least 1.
  package var maximumIterations: Int

  /// The steps that L-BFGS remembers; at least 1.
  package var memory: Int

  /// What Σ y and Σ (1 − y) must reach for a head to be learnt; at least 1. Softmax heads have no such bound.
  package var minimumLabelsPerOutcome: Int

  /// Creates parameters.
  package init(
    l2Sparse: Double = 1e-4, l2Dense: Double = 1e-4, l2Frames: Double = 0, sparseCorrelation: Double = 0,
    denseCorrelation: Double = 0,
    gradientTolerance: Double = 1e-6,
    maximumIterations: Int = 500, memory: Int = 10, minimumLabelsPerOutcome: Int = 10
  ) {
    self.l2Sparse = l2Sparse
    self.l2Dense = l2Dense
    self.l2Frames = l2Frames
    self.sparseCorrelation = sparseCorrelation
    self.denseCorrelation = denseCorrelation
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.memory = memory
    self.minimumLabelsPerOutcome = minimumLabelsPerOutcome
  }

  /// Throws ``TrainingError/parameter(name:expected:found:)`` for the first setting out of its range.
  package func check() throws(TrainingError) {
    try requireParameter("l2Sparse", l2Sparse, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    try requireParameter("l2Dense", l2Dense, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    try requireParameter("l2Frames", l2Frames, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    try requireParameter("sparseCorrelation", sparseCorrelation, "in 0..<1") { $0 >= 0 && $0 < 1 }
    try requireParameter("denseCorrelation", denseCorrelation, "in 0..<1") { $0 >= 0 && $0 < 1 }
    try requireParameter("gradientTolerance", gradientTolerance, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try requireParameter("maximumIterations", maximumIterations, "at least 1") { $0 >= 1 }
    try requireParameter("memory", memory, "at least 1") { $0 >= 1 }
    try requireParameter("minimumLabelsPerOutcome", minimumLabelsPerOutcome, "at least 1") { $0 >= 1 }
  }

  func solver(_ pool: WorkerPool) -> LBFGS {
    LBFGS(
      gradientTolerance: gradientTolerance, maximumIterations: maximumIterations, memory: memory, pool: pool)
  }
}
