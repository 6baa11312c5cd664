import TextKit
import Ockham

/// Outcomes that come a model at a time, gathered by question.
///
/// Memory: each question's text once, and 9 bytes and a table slot per model and question.
struct RunTable<Key: Hashable & Sendable> {
  /// A question as the first or latest run states it.
  struct Question {
    var prompt: String
    var dataset: String
    /// Where it is stated, for messages.
    var path: String
    var line: Int
  }

  /// The models in the order they came.
  private(set) var models: [String] = []
  /// The questions in the order they came.
  private(set) var keys: [Key] = []
  private(set) var questions: [Key: Question] = [:]
  private var qualities: [String: [Key: Double]] = [:]

  /// Sets what a model got for a question; the last word counts.
  mutating func set(_ quality: Double, model: String, key: Key, question: Question) {
    if qualities[model] == nil { models.append(model) }
    if questions.updateValue(question, forKey: key) == nil { keys.append(key) }
    qualities[model, default: [:]][key] = quality
  }

  /// How many questions a model answered.
  func count(of model: String) -> Int { qualities[model]?.count ?? 0 }

  /// What a model got; `nil` where it did not answer.
  func quality(of model: String, for key: Key) -> Double? { qualities[model]?[key] }

  /// The models that answered at least `share` of `total` questions; the others are noted.
  func completeModels(share: Double, of total: Int, note: (String) -> Void) -> [String] {
    models.filter { model in
      let isComplete = Double(count(of: model)) >= share * Double(total)
      if !isComplete {
        note(
          "\(SafeText.label(model)) is left out: it answered \(NumberFormat.count(count(of: model))) of "
            + "\(NumberFormat.count(total)) questions")
      }
      return isComplete
    }
  }
}
