import TextKit

extension LogForm {
  /// A request log whose outcomes are scored on another scale, or under other names: `score`, `cost`.
  static let requestLog = LogForm(
    name: "log", title: "a request log",
    recognises: { row in
      guard let outcomes = row["outcomes"]?.members else { return false }
      return row["prompt"]?.string != nil || row.field("messages")?.isListOfObjects == true
        || (outcomes.isEmpty && row["prompt"] != nil)
    },
    read: { (row, context) throws(RecordViolation) in
      let members = (row.members ?? []).map { member in
        member.key == "outcomes" ? JSONMember(key: member.key, value: context.scored(member.value)) : member
      }
      var exchange = Exchange()
      exchange.whole = try context.record(.object(members))
      return [exchange]
    })
}

extension FormContext {
  /// The outcomes with qualities and costs under their names in a log.
  fileprivate func scored(_ outcomes: JSONNode) -> JSONNode {
    .object(
      (outcomes.members ?? []).map { member in
        guard let parts = member.value.members else {
          // A number by itself is a score.
          let score = member.value.isNull ? nil : self.quality(of: member.value)
          return JSONMember(key: member.key, value: .object(["quality": score.map { JSONNode.number($0) }]))
        }
        var rest = parts.filter { !["quality", "cost_usd"].contains($0.key) }
        let rating = options.chat.quality == ChatFields.none ? nil : FieldMap.first(.quality, in: member.value)
        let cost = member.value["cost_usd"] ?? FieldMap.first(.cost, in: member.value)
        if let quality = rating.flatMap({ self.quality(of: $0) }) {
          rest.append(JSONMember(key: "quality", value: .number(quality)))
        }
        if let cost, !cost.isNull {
          rest.append(JSONMember(key: "cost_usd", value: cost.decimal.map { JSONNode.number($0) } ?? cost))
        }
        return JSONMember(key: member.key, value: .object(rest))
      })
  }

  /// The record in a row that follows the log's own schema.
  fileprivate func record(_ row: JSONNode) throws(RecordViolation) -> LogRecord {
    guard let document = logRows else { throw .tooLong(byteCount: 0, limit: 0) }
    var decoder = RecordDecoder(path: path, keepsAnswers: true)
    let position = LogPosition.line(line)
    let stem = PathName.stem(path)
    return try ImportedObject.read(row.jsonBytes, with: document) { object throws(RecordViolation) in
      let record = try decoder.decode(object.value, at: position, defaultID: { "\(stem):\(line)" })
      for remark in decoder.remarks.all { note(remark.sentence) }
      var kept = record.keepingSettings(of: row)
      kept.reference = reference(of: row, besides: record.outcomes.map(\.name))
      return kept
    }
  }
}

extension LogRecord {
  /// The record with what its row asks beside the messages. Of tools whose sizes are stated the names alone are there.
  fileprivate func keepingSettings(of row: JSONNode) -> LogRecord {
    var kept = RequestSettings()
    if row["tool_schema_bytes"] == nil { kept.add("tools", row["tools"]) }
    if row["response_schema_bytes"] == nil { kept.add("response_format", row["response_format"]) }
    kept.addSampling(of: row, hasTools: kept.json("tools") != nil)
    guard !kept.members.isEmpty else { return self }
    var record = self
    record.settings = kept
    return record
  }
}
