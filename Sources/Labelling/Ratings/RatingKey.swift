import Judging

/// The name of an answer in a sheet of ratings: it follows from the question and the answer, and gives neither away, nor who
/// answered. The same answer to the same question has one name, regardless of who gave it.
enum RatingKey {
  /// A letter first: spreadsheets take a name of digits for a number.
  static func of(question: String, answer: String) -> String {
    "r" + TextKey.of(["rating", question, answer]).prefix(20)
  }
}
