/// What people made of an answer that something else has rated: what a judge's mean is corrected by.
package struct GoldRating: Sendable, Hashable {
  /// How good it is, 0…1; a mean where several people rated it.
  package var quality: Double

  /// The probability with which the request was picked for people among those that have ratings already, above 0 and at most 1;
  /// `nil` where unknown. The outcomes of one request carry the same.
  package var inclusion: Double?

  /// Who rated it, each once, in the order of the log; empty where the log does not say.
  package var raters: [String]

  package init(quality: Double, inclusion: Double? = nil, raters: [String] = []) {
    self.quality = quality
    self.inclusion = inclusion
    self.raters = raters
  }

  /// Checks the ranges.
  func validate() throws(RecordViolation) {
    if !(quality >= 0 && quality <= 1) {
      throw .range(
        "quality", expected: "a number from 0 to 1", found: quality, remedy: "fix the value or drop the rating")
    }
    if let inclusion { try RecordViolation.checkProbability(inclusion, field: "inclusion") }
  }
}
