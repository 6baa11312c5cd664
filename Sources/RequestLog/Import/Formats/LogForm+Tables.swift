import TextKit
import Ockham

extension LogForm {
  /// Rows with a prompt and one model's answer each.
  static let longTable = LogForm(
    name: "long", title: "a row per model and request", kind: .plain, joining: .byIDOrPrompt,
    recognises: { row in
      guard row.field("outcomes", "choices", "messages") == nil else { return false }
      let map = FieldMap([row])
      guard map.paths[.prompt] != nil, map.perModel.isEmpty, map.isFlat else { return false }
      return map.paths[.model] != nil || (map.paths[.response] != nil && map.wide.models.isEmpty)
    },
    read: { (row, context) throws(RecordViolation) in try context.mapped(row) })

  /// Rows with a prompt and columns per model.
  static let wideTable = LogForm(
    name: "wide", title: "a row per request with columns per model", kind: .plain, joining: .byIDOrPrompt,
    recognises: { row in
      guard row.field("outcomes", "messages") == nil else { return false }
      let map = FieldMap([row])
      return map.paths[.prompt] != nil && map.isFlat && map.paths[.model] == nil && !map.wide.models.isEmpty
    },
    read: { (row, context) throws(RecordViolation) in try context.mapped(row) })

  /// Any other rows in which something is asked, and whatever fields the caller names.
  static let fields = LogForm(
    name: "fields", title: "rows with fields found by their names", kind: .any, joining: .byIDOrPrompt,
    recognises: { row in FieldMap([row]).paths[.prompt] != nil },
    read: { (row, context) throws(RecordViolation) in try context.mapped(row) })
}

extension FieldMap {
  /// Whether prompt and answer are fields of the row itself.
  fileprivate var isFlat: Bool {
    [paths[.prompt], paths[.response]].allSatisfy { $0?.contains { ".[".contains($0) } != true }
  }
}

extension FormContext {
  /// The exchange of a row by the fields of its file.
  fileprivate func mapped(_ row: JSONNode) throws(RecordViolation) -> [Exchange] {
    let map = map
    let asked = value(.prompt, map, row)
    guard let asked else {
      throw RecordViolation(
        .missingRequest, field: map.paths[.prompt].map { ImportError.header($0) }, expected: "what was asked",
        found: "none",
        remedy: "name the field with --prompt-field or --messages-field, or drop the row")
    }
    let turns = map.about.flatMap { asked.followed(by: row.raw($0)) } ?? asked.question
    let model = value(.model, map, row)?.string
    // An answer inside the messages is the last one of the conversation.
    if turns.isMessages, map.paths[.response] == nil, map.wide.models.isEmpty, map.perModel.isEmpty,
      turns.elements?.contains(where: { Self.isAnswer($0) }) == true
    {
      return try conversation(turns, row, map, model)
    }
    var exchange = Exchange(
      request: try requests.request(system: system(of: row, map), turns: turns, settings: settings(of: row, map)))
    describe(&exchange, row, map)
    exchange.propensity = number(value(.propensity, map, row), as: .propensity)
    exchange.answers = answers(row, map, model)
    return [exchange]
  }

  private func conversation(
    _ turns: JSONNode, _ row: JSONNode, _ map: FieldMap, _ model: String?
  ) throws(RecordViolation) -> [Exchange] {
    let beside = body(of: row, map)?.filled(from: row) ?? row
    var exchanges = try self.turns(of: turns, row: beside, id: value(.id, map, row).flatMap(Self.label))
    for index in exchanges.indices {
      exchanges[index].dataset = value(.dataset, map, row)?.string
      guard !exchanges[index].answers.isEmpty else { continue }
      exchanges[index].answers[0].model = model ?? exchanges[index].answers[0].model
      let isLast = index == exchanges.count - 1
      if isLast, let rating = value(.quality, map, row) { exchanges[index].answers[0].rating = rating }
      if isLast { exchanges[index].answers[0].costUSD = number(value(.cost, map, row), as: .cost) }
    }
    return exchanges
  }

  /// What a row says to the model before the question, where the prompt does not say it.
  private func system(of row: JSONNode, _ map: FieldMap) -> JSONNode {
    if let value = value(.system, map, row) { return value }
    guard let path = map.paths[.prompt], path.contains(".") || body(of: row, map) != nil else { return .null }
    let beside = body(of: row, map).map { RequestReading.system(of: $0) } ?? .null
    return beside.isNull ? RequestReading.system(of: row.field("request") ?? row) : beside
  }

  /// The body that the prompt stands in, or that is the prompt; `nil` where the row itself is it.
  private func body(of row: JSONNode, _ map: FieldMap) -> JSONNode? {
    guard let path = map.paths[.prompt] else { return nil }
    if let body = row.field(path), body.members != nil, body.field("messages", "contents") != nil { return body }
    return row.holder(of: path)
  }

  /// Where tools, limits and sampling stand: beside the prompt first.
  private func settings(of row: JSONNode, _ map: FieldMap) -> JSONNode {
    let stated = row.field("request", "request_body", "parameters", "model_parameters")
    let around = stated?.members == nil ? row : stated ?? row
    return body(of: row, map).map { $0.filled(from: around) } ?? around
  }

  private func describe(_ exchange: inout Exchange, _ row: JSONNode, _ map: FieldMap) {
    exchange.id = value(.id, map, row).flatMap(Self.label)
    exchange.dataset = value(.dataset, map, row)?.string.flatMap { $0.trimmingSpaces.isEmpty ? nil : $0 }
    exchange.conversation = value(.conversation, map, row).flatMap(Self.label)
    exchange.time = value(.time, map, row)
  }

  private static func label(_ value: JSONNode) -> String? {
    switch value.content {
    case .string(let text): text.trimmingSpaces.isEmpty ? nil : text.trimmingSpaces
    case .number(let text): text
    default: nil
    }
  }

  /// The value of a part; one that the caller names is counted where it is missing.
  private func value(_ part: FieldPart, _ map: FieldMap, _ row: JSONNode) -> JSONNode? {
    guard let path = map.paths[part] else { return nil }
    guard part.option != nil, isNamed(part) else { return row.raw(path) }
    let option = part == .prompt && options.chat.messagesField != nil ? "--messages-field" : part.option ?? ""
    return named(option, path, in: row)
  }

  private func isNamed(_ part: FieldPart) -> Bool {
    switch part {
    case .prompt: options.chat.promptField != nil || options.chat.messagesField != nil
    case .response: options.chat.responseField != nil
    case .model: options.chat.modelField != nil
    case .id: options.chat.idField != nil
    case .quality: options.chat.quality != nil
    case .cost: options.chat.costUSD != nil
    case .latency: options.chat.latencyMilliseconds != nil
    default: false
    }
  }

  private func answers(_ row: JSONNode, _ map: FieldMap, _ model: String?) -> [Exchange.Answer] {
    if !map.perModel.isEmpty {
      var answers: [Exchange.Answer] = []
      for fields in map.perModel {
        for (model, value) in fields.values(in: row) { add(value, fields.part, of: model, to: &answers) }
      }
      return answers
    }
    if !map.wide.models.isEmpty { return map.wide.models.map { wideAnswer(row, map.wide, $0) } }
    var answer = Exchange.Answer(Reply(value(.response, map, row), isAnswer: true))
    answer.model = model ?? answer.model
    answer.rating = options.chat.quality == ChatFields.none ? nil : value(.quality, map, row)
    answer.costUSD = number(value(.cost, map, row), as: .cost)
    answer.inputTokens = count(.inputTokens, map, row) ?? answer.inputTokens
    answer.outputTokens = count(.outputTokens, map, row) ?? answer.outputTokens
    answer.latencyMilliseconds = number(value(.latency, map, row), as: .latency)
    return answer.isKnown ? [answer] : []
  }

  private func count(_ part: FieldPart, _ map: FieldMap, _ row: JSONNode) -> Int? {
    count(value(part, map, row), as: part)
  }

  private func wideAnswer(_ row: JSONNode, _ columns: WideColumns, _ model: String) -> Exchange.Answer {
    func cell(_ part: FieldPart) -> JSONNode? {
      columns.column(part, of: model).flatMap { row[$0] }.flatMap { $0.isNull ? nil : $0 }
    }
    var answer = Exchange.Answer(Reply(cell(.response), isAnswer: true))
    answer.model = model
    answer.rating = cell(.quality)
    answer.costUSD = number(cell(.cost), as: .cost)
    answer.inputTokens = count(cell(.inputTokens), as: .inputTokens) ?? answer.inputTokens
    answer.outputTokens = count(cell(.outputTokens), as: .outputTokens) ?? answer.outputTokens
    answer.latencyMilliseconds = number(cell(.latency), as: .latency)
    return answer
  }

  /// Adds what an object by model says of one.
  private func add(_ value: JSONNode, _ part: FieldPart?, of model: String, to answers: inout [Exchange.Answer]) {
    var answer = answers.first { $0.model == model } ?? Exchange.Answer()
    switch part {
    case .quality?: answer.rating = value
    case .cost?: answer.costUSD = number(value, as: .cost)
    case .latency?: answer.latencyMilliseconds = number(value, as: .latency)
    case .response?: answer.said = Reply(value, isAnswer: true).said
    default:
      let said = FieldMap.first(.response, in: value) ?? value.raw("text", "content")
      guard !value.failed(hasAnswer: said != nil) else { return note("request that failed: no outcome") }
      let reply = Reply(FieldMap.first(.response, in: value), isAnswer: true)
      answer.said = reply.said ?? Reply(value.raw("text", "content")).said
      answer.rating = FieldMap.first(.quality, in: value)
      answer.costUSD = number(FieldMap.first(.cost, in: value), as: .cost)
      answer.outputTokens =
        count(FieldMap.first(.outputTokens, in: value), as: .outputTokens) ?? reply.outputTokens
      answer.inputTokens =
        count(FieldMap.first(.inputTokens, in: value), as: .inputTokens) ?? reply.inputTokens
      answer.latencyMilliseconds = number(FieldMap.first(.latency, in: value), as: .latency)
    }
    answer.model = model
    if let place = answers.firstIndex(where: { $0.model == model }) {
      answers[place] = answer
    } else {
      answers.append(answer)
    }
  }
}
