/// The shape of the network: logits = relu([bag | D] · W₁ + b₁) · W₂ + b₂ + D · W_d + X · W_x, with bag = X · E.
package struct MLPArchitecture: Sendable, Equatable {
  /// B, the sparse columns.
  package var sparseColumns: Int

  /// d, the dense columns.
  package var denseColumns: Int

  /// T, the heads.
  package var heads: Int

  /// m, the width of an embedding.
  package var embeddingWidth: Int

  /// h, the hidden units.
  package var hiddenWidth: Int

  /// Whether the sparse columns also feed the logits directly (W_x).
  package var hasWideSparse: Bool

  /// Whether the dense columns also feed the logits directly (W_d).
  package var hasWideDense: Bool

  /// Creates an architecture.
  package init(
    sparseColumns: Int, denseColumns: Int, heads: Int, embeddingWidth: Int = 16, hiddenWidth: Int = 32,
    hasWideSparse: Bool = true, hasWideDense: Bool = true
  ) {
    self.sparseColumns = sparseColumns
    self.denseColumns = denseColumns
    self.heads = heads
    self.embeddingWidth = embeddingWidth
    self.hiddenWidth = hiddenWidth
    self.hasWideSparse = hasWideSparse
    self.hasWideDense = hasWideDense
  }

  /// Throws ``TrainingError/parameter(name:expected:found:)`` for the first size out of its range.
  package func check() throws(TrainingError) {
    try requireParameter("sparseColumns", sparseColumns, "at least 0") { $0 >= 0 }
    try requireParameter("denseColumns", denseColumns, "at least 0") { $0 >= 0 }
    try requireParameter("heads", heads, "at least 1") { $0 >= 1 }
    try requireParameter("embeddingWidth", embeddingWidth, "1…1024") { (1...1024).contains($0) }
    try requireParameter("hiddenWidth", hiddenWidth, "1…4096") { (1...4096).contains($0) }
  }
}

/// Where the weights lie in their two flat vectors.
///
/// One row of the table holds everything that a sparse column has, embedding first, wide weights after it, padded to an
/// even width, so that a column costs one memory access.
extension MLPArchitecture {
  /// The width of the hidden layer's input, m + d.
  var inputWidth: Int { embeddingWidth + denseColumns }

  /// The wide weights per sparse column: T or none.
  var wideWidth: Int { hasWideSparse ? heads : 0 }

  /// The row stride of the table.
  var tableStride: Int { evenStride(embeddingWidth + wideWidth) }

  /// Places in the dense vector: W₁ `[(m + d) × h]`, b₁ `[h]`, W₂ `[h × T]`, b₂ `[T]`, W_d `[d × T]`.
  var hidden: Range<Int> { 0..<inputWidth * hiddenWidth }
  var hiddenBias: Range<Int> { hidden.upperBound..<hidden.upperBound + hiddenWidth }
  var output: Range<Int> { hiddenBias.upperBound..<hiddenBias.upperBound + hiddenWidth * heads }
  var outputBias: Range<Int> { output.upperBound..<output.upperBound + heads }
  var wideDense: Range<Int> {
    outputBias.upperBound..<outputBias.upperBound + (hasWideDense ? denseColumns * heads : 0)
  }
}
