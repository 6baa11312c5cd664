/// Families of words that say how sure an answer is of itself. The order is that of the dense features.
enum AnswerCue: Int, CaseIterable {
  case hedge, correction, refusal, conclusion

  /// The words in lower case, separated by spaces. ASCII apostrophes separate words.
  var words: StaticString {
    switch self {
    case .hedge:
      """
      perhaps maybe probably possibly likely unclear unsure uncertain approximately approximate roughly closest nearest \
      assume assuming assumption guess seems seem appears appear might presumably apparently estimate typically generally \
      usually vielleicht wahrscheinlich vermutlich quizás probablemente probablement forse
      """
    case .correction:
      """
      wait actually however mistake error recheck reconsider incorrect wrong instead correction oops revised unless \
      contradiction moment jedoch aber embargo cependant pourtant
      """
    case .refusal:
      """
      cannot unable sorry unfortunately impossible insufficient none neither apologize apologise apologies decline undefined \
      unknown ambiguous missing unavailable leider lamento désolé purtroppo
      """
    case .conclusion:
      """
      therefore thus hence conclude conclusion final finally answer result consequently summary also daher respuesta réponse \
      donc antwort risposta
      """
    }
  }

  /// The buckets of the words as those of a question.
  func buckets(_ options: FeatureOptions) -> [UInt32] {
    words.description.utf8.split(separator: UInt8(ascii: " ")).map {
      options.bucket(of: WordHash.hash(word: $0), in: .question)
    }
  }
}
