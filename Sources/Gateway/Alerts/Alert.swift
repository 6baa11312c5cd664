package import TextKit

/// Something that is not as it should be, until it is again.
package struct Alert: Sendable, Hashable {
  /// What it is about: one state per name, such as `drift feature.question_bytes` or `canary aborted`.
  package var name: String
  /// Why, in a sentence: tier, task, key, language or target, and the numbers.
  package var cause: String
  /// What to do, in a sentence.
  package var remedy: String

  package init(name: String, cause: String, remedy: String) {
    (self.name, self.cause, self.remedy) = (name, cause, remedy)
  }
}

/// An alert went in or out.
package struct AlertChange: Sendable, Hashable {
  package var alert: Alert
  package var isRaised: Bool
  /// Seconds since 1970.
  package var time: Double

  package init(alert: Alert, isRaised: Bool, time: Double) {
    (self.alert, self.isRaised, self.time) = (alert, isRaised, time)
  }
}

extension AlertChange {
  /// What a webhook is told.
  package var json: JSONNode {
    .object([
      ("name", .string(alert.name)), ("state", .string(isRaised ? "raised" : "cleared")),
      ("cause", .string(alert.cause)), ("remedy", .string(alert.remedy)),
      ("time", CivilTime.secondsRange.contains(time) ? .string(CivilTime.timestamp(seconds: time)) : .null),
    ])
  }
}
