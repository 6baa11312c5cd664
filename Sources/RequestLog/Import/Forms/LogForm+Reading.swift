import Ockham
import TextKit

extension LogForm {
  /// The exchanges in a row, with what every form may have beside them: a reference, errors in place of answers, and an
  /// answer that stands at the end of what was asked as well.
  func exchanges(of row: JSONNode, _ context: FormContext) throws(RecordViolation) -> [Exchange] {
    var exchanges = try read(row, context)
    guard !exchanges.isEmpty, exchanges.allSatisfy({ $0.whole == nil }) else { return exchanges }
    for place in exchanges.indices {
      for answer in exchanges[place].answers.indices {
        exchanges[place].answers[answer].model = exchanges[place].answers[answer].model?.trimmingSpaces
      }
    }
    // Of a conversation the last answer is the one that is spoken of.
    let last = exchanges.count - 1
    if last == 0 || exchanges[last].conversation != nil {
      exchanges[last].reference = context.reference(of: row, besides: exchanges[last].answers.compactMap(\.model))
    }
    if last == 0, let answer = exchanges[0].answers.first, exchanges[0].answers.count == 1,
      exchanges[0].isFailed || row.failed(hasAnswer: answer.said != nil)
    {
      if exchanges[0].request != nil { context.note("request that failed: no outcome") }
      (exchanges[0].answers, exchanges[0].isFailed) = ([], true)
    }
    for place in exchanges.indices where exchanges[place].dropReply() {
      context.note("answer that also ends the messages: taken out of the request")
    }
    return exchanges
  }
}

extension JSONNode {
  /// Whether an object says that a call failed: a status of 400 or more, or an error beside no answer.
  func failed(hasAnswer: Bool) -> Bool {
    let places = [self] + ["response", "result", "output"].compactMap { field($0) }.filter { $0.members != nil }
    for place in places {
      for key in ["status", "status_code", "statusCode", "http_status", "response_status"] {
        if let status = place[key]?.decimal, (400..<600).contains(status) { return true }
      }
    }
    return !hasAnswer && places.contains { $0.saysError }
  }

  private var saysError: Bool {
    ["error", "error_message", "errorMessage", "exception"].contains { key in
      guard let error = field(key) else { return false }
      switch error.content {
      case .string(let text): return !CellValue.isUnknown(text.trimmingSpaces) && text.lowercased() != "false"
      case .boolean(let isError): return isError
      case .object(let members): return !members.isEmpty
      case .array(let elements): return !elements.isEmpty
      default: return false
      }
    }
  }
}

extension Exchange {
  /// Takes the last message of a request out where it is the answer; false where it is not.
  fileprivate mutating func dropReply() -> Bool {
    guard let segments = request?.request.segments, segments.count > 1, let last = segments.last,
      last.role == .assistant, segments.contains(where: { $0.role == .user })
    else { return false }
    let text = last.text.trimmingSpaces
    guard !text.isEmpty, answers.contains(where: { $0.said?.asMessageText == text }) else { return false }
    request?.request.segments.removeLast()
    return true
  }
}

extension ModelAnswer {
  /// The answer as ``Dialogue`` writes a message of it: the text, and a line for each call.
  fileprivate var asMessageText: String {
    let calls = (message?.toolCalls ?? []).map { call in call.arguments.map { "\(call.name) \($0)" } ?? call.name }
    return ((text.isEmpty ? [] : [text]) + calls).joined(separator: "\n").trimmingSpaces
  }
}
