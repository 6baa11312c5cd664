import TextKit
import Ockham

extension StoredFeatures {
  /// Checks that models with all the given options can use the features.
  /// - Parameter options: empty for a reader that needs text.
  func check(for options: [FeatureOptions]) throws(RecordViolation) {
    guard !options.isEmpty else { throw Self.textNeeded }
    for wanted in options where !fit(wanted) {
      throw RecordViolation(
        .incompatibleFeatures, field: "features", expected: wanted.phrase, found: self.options.phrase,
        remedy:
          "use a model with these options or a recipe with \(self.options.settings), or log requests with the new model's"
      )
    }
  }

  private static let textNeeded = RecordViolation(
    .incompatibleFeatures, field: "request", expected: "the text of the request", found: "its features only",
    remedy: "log requests with `prompts: full` for this use")
}

extension RecordViolation {
  /// What bytes that are no features mean for a record.
  init(_ error: StoredFeaturesError) {
    let remedy = "log requests anew with this version, or train with the version that logged them"
    switch error {
    case .version(let expected, let found):
      self.init(
        .incompatibleFeatures, field: "features", expected: "layout \(expected)", found: "layout \(found)",
        remedy: remedy)
    case .schema(let expected, let found):
      self.init(
        .incompatibleFeatures, field: "features", expected: "feature schema \(expected.hexadecimal)",
        found: "schema \(found.hexadecimal)", remedy: remedy)
    case .damaged(let byteCount):
      self.init(
        .incompatibleFeatures, field: "features", expected: "whole features",
        found: "a damaged blob of \(NumberFormat.count(byteCount)) bytes", remedy: "delete the row")
    }
  }
}

extension FeatureOptions {
  /// `features of 16 bucket bits, with word pairs, without character grams`.
  package var phrase: String {
    "features of \(bucketBits) bucket bits, with\(wordPairs ? "" : "out") word pairs, "
      + "with\(characterGrams ? "" : "out") character grams"
  }

  /// The same as settings of a recipe.
  fileprivate var settings: String {
    #"{"bucketBits": \#(bucketBits), "wordPairs": \#(wordPairs), "characterGrams": \#(characterGrams)}"#
  }
}
