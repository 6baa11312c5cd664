import TextKit

extension ReportOrigin {
  /// The members that say what a report is about.
  var members: [(String, JSONNode)] {
    [
      ("model", .string(model)), ("model_hash", .string(modelHash)), ("logs", .array(logs.map(JSONNode.string))),
      ("date", .string(date)),
    ]
  }
}
