import Ockham
import TextKit

/// What a row says of a request and its answers, before options and checks.
struct Exchange {
  /// The id that the row gives; rows without one are numbered.
  var id: String?
  /// What was asked; `nil` in the half of a batch that holds the answers only.
  var request: AskedRequest?
  var dataset: String?
  /// The conversation that the request is a turn of.
  var conversation: String?
  /// When: a text, or seconds, milliseconds, microseconds or nanoseconds since 1970.
  var time: JSONNode?
  /// The probability with which the model that answered was drawn.
  var propensity: Double?
  var answers: [Answer] = []
  /// The right answer.
  var reference: String?
  /// Whether the model gave an error in place of an answer.
  var isFailed = false
  /// A record of a request log, whose answers are all there.
  var whole: LogRecord?

  /// What one model gave.
  struct Answer {
    var model: String?
    /// A score as the row has it.
    var rating: JSONNode?
    /// A score that is a quality already.
    var quality: Double?
    var costUSD: Double?
    var inputTokens: Int?
    var outputTokens: Int?
    var latencyMilliseconds: Double?
    /// What was answered.
    var said: ModelAnswer?

    init() {}

    /// What a reply says.
    init(_ reply: Reply) {
      model = reply.model
      inputTokens = reply.inputTokens
      outputTokens = reply.outputTokens
      said = reply.said
    }

    /// Whether anything but the model is known.
    var isKnown: Bool {
      rating != nil || quality != nil || costUSD != nil || outputTokens != nil || latencyMilliseconds != nil
        || said != nil
    }
  }
}

extension JSONNode {
  /// The score of a row: the first of the usual names, here or in the usual places around it.
  var usualRating: JSONNode? {
    let names = ["score", "quality", "rating", "correct", "is_correct", "passed", "user_score", "thumbs"]
    for place in [
      "", "feedback.", "metadata.", "metadata.requester_metadata.", "tags.", "scores.", "evaluation.", "properties.",
    ] {
      if let rating = raw(names.map { place + $0 }), rating.members == nil, rating.elements == nil { return rating }
    }
    if let rating = raw("feedback", "user_feedback", "feedback.value"), rating.members == nil, rating.elements == nil {
      return rating
    }
    return nil
  }
}
