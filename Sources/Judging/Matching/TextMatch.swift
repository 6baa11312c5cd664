/// Whether an answer says the same as the right one.
package enum TextMatch: Sendable {
  /// Byte for byte.
  case exact
  /// By ``FinalAnswer`` and ``NormalisedText``.
  case normalised

  /// 1 where the texts agree, else 0.
  package func quality(of answer: String, against reference: String) -> Double {
    switch self {
    case .exact: answer.utf8.elementsEqual(reference.utf8) ? 1 : 0
    case .normalised: Self.agree(answer, reference) ? 1 : 0
    }
  }

  private static func agree(_ answer: String, _ reference: String) -> Bool {
    if answer.utf8.elementsEqual(reference.utf8) { return true }
    let left = NormalisedText(FinalAnswer.extracted(from: answer) ?? answer)
    let right = NormalisedText(FinalAnswer.extracted(from: reference) ?? reference)
    return left == right && !left.isEmpty
  }
}
