/// Whether an answer says the same as the right one.
package enum TextMatch: Sendable {
  /// Byte for byte.
  case exact
  /// By ``FinalAnswer`` and ``NormalisedText``.
  case normalised

  /// 1 where the texts agree, else 0.
  package func quality(of answer: String, against truth: String) -> Double {
    switch self {
    case .exact: answer.utf8.elementsEqual(truth.utf8) ? 1 : 0
    case .normalised: Self.agree(answer, truth) ? 1 : 0
    }
  }

  private static func agree(_ answer: String, _ truth: String) -> Bool {
    if answer.utf8.elementsEqual(truth.utf8) { return true }
    let left = NormalisedText(FinalAnswer.extracted(from: answer) ?? answer)
    let right = NormalisedText(FinalAnswer.extracted(from: truth) ?? truth)
    return left == right && !left.isEmpty
  }
}
