/// What training makes of one tier's answers.
package struct TrainedResponses: Sendable {
  package let weights: ResponseWeights
  /// The rows of the dataset whose answers have scores.
  package let rows: [Int]
  /// P(good) of the answer and of what each tier above would give, by models and calibrations that have not seen the question,
  /// row-major in the order of ``rows`` [n × (T − tier)].
  package let probabilities: [Float]
  /// The same by a check that looks at the answer's form alone.
  package let formProbabilities: [Float]
  package let candidates: [Candidate]
  package let chosen: Candidate

  /// The tier that answered.
  package var tier: Int { weights.tier }
}
