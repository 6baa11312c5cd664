/// Why a model was asked, or where its rating comes from. The raw value is the name in a log.
package enum OutcomeOrigin: String, Sendable, Hashable, CaseIterable {
  /// The client got this answer.
  case served
  /// A copy of the request was asked of this model, off the client's path.
  case shadow
  /// As ``shadow``, drawn with one probability for all requests.
  case audit
  /// The client's user rated the answer.
  case feedback
  /// A log that lacked the answer was completed with it.
  case collected
}
