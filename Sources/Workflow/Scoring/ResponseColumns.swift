import Evaluation
import Ockham
import OckhamTraining
import Statistics

/// What is predicted of the tiers given their responses, column by column while rows are added.
struct ResponseColumns {
  /// The answering tiers of the model that have response heads, among the tiers that are used.
  private let tiers: [Int]
  /// The tiers of the model that are used.
  private let places: [Int]
  /// By tier that is used below the last, row-major [rows × (tiers from it on)]; empty for one without a head.
  private var probability: [[Float]]
  /// The same by a check of form alone; NaN where there is none.
  private var form: [[Float]]

  /// - Parameters:
  ///   - tiers: of the model, those with response heads.
  ///   - places: of the model, those that are used, ascending.
  init(tiers: [Int], places: [Int]) {
    self.tiers = tiers.filter(places.dropLast().contains)
    self.places = places
    probability = places.dropLast().map { _ in [] }
    form = probability
  }

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - scores: of a tier's response, P(good) from that tier of the model on; `nil` where none was scored.
  ///   - formScores: the same by form alone.
  mutating func addRow(
    _ scores: (Int) -> ArraySlice<Float>?, form formScores: (Int) -> ArraySlice<Float>? = { _ in nil }
  ) {
    for (index, place) in places.dropLast().enumerated() where tiers.contains(place) {
      let used = places[index...]
      func row(_ values: ArraySlice<Float>?) -> [Float] {
        used.map { tier in values.map { $0[$0.startIndex + tier - place] } ?? .nan }
      }
      probability[index] += row(scores(place))
      let form = formScores(place)
      self.form[index] += row(form)
    }
  }

  /// The scores of all rows; `nil` where no response was scored.
  var scores: ResponseScores? {
    guard probability.contains(where: { $0.contains { !$0.isNaN } }) else { return nil }
    return ResponseScores(probability: matrices(probability), form: isFormKnown ? matrices(form) : nil)
  }

  /// Whether a check of form alone is known wherever responses are scored.
  private var isFormKnown: Bool {
    zip(probability, form).allSatisfy { zip($0, $1).allSatisfy { $0.isNaN == $1.isNaN } }
  }

  private func matrices(_ columns: [[Float]]) -> [Matrix<Float>?] {
    columns.enumerated().map { index, values in
      tiers.contains(places[index]) ? Matrix(values, columns: places.count - index) : nil
    }
  }
}

extension OutOfFoldScores {
  /// The scores of one row's responses by heads that have not seen its question, for ``ResponseColumns``.
  struct RowOfResponses {
    private let responses: [Int: OutOfFoldResponses]
    private let indices: [Int: [Int: Int]]

    init(_ scores: OutOfFoldScores) {
      responses = Dictionary(scores.responses.map { ($0.tier, $0) }, uniquingKeysWith: { first, _ in first })
      indices = responses.mapValues(\.indexOfPlace)
    }

    /// P(good) given a tier's response, from that tier on.
    func probabilities(of tier: Int, at place: Int) -> ArraySlice<Float>? { row(tier, place, \.probabilities) }

    /// The same by form alone.
    func formProbabilities(of tier: Int, at place: Int) -> ArraySlice<Float>? { row(tier, place, \.formProbabilities) }

    private func row(
      _ tier: Int, _ place: Int, _ values: KeyPath<OutOfFoldResponses, [Float]>
    ) -> ArraySlice<Float>? {
      guard let response = responses[tier], let index = indices[tier]?[place] else { return nil }
      let width = response.probabilities.count / response.places.count
      return response[keyPath: values][index * width..<(index + 1) * width]
    }
  }
}
