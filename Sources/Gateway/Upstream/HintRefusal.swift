import ChatProtocols
import TextKit

/// A refusal that names a hint of the body it answers.
///
/// Clients share targets and do not trust each other. So what one client provokes by a value, by a combination or by junk
/// inside a field changes its own request alone; only words about the parameter itself are a lesson for all.
struct HintRefusal {
  let hint: RefusedHint
  /// Whether the target refuses the parameter, whatever is said by it and beside it.
  let isOfParameter: Bool

  /// `nil` for a failure that refuses none of the hints.
  /// - Parameter hints: those that stand in the body, in the order in which they are tried.
  init?(_ failure: UpstreamFailure, of root: JSONNode, among hints: [RefusedHint]) {
    guard [400, 422].contains(failure.status), failure.kind == .badRequest || failure.kind == .unsupported else {
      return nil
    }
    let text = (failure.clientMessage ?? "").lowercased()
    let isRefusal = Self.refusals.contains(where: text.contains) || failure.reason.hasPrefix("unsupported")
    guard isRefusal || failure.clientMessage == nil else { return nil }
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    let named = hints.first { hint in
      failure.param.map { $0 == hint.key || $0 == hint.name } ?? words.contains(hint.name)
    }
    guard let named else { return nil }
    hint = named
    isOfParameter = Self.isOfParameter(named, root, text, words, code: failure.reason)
  }

  private static func isOfParameter(
    _ hint: RefusedHint, _ root: JSONNode, _ text: String, _ words: Set<String>, code: String
  ) -> Bool {
    if text.contains("only the default") { return !namesOther(than: hint, root, words) }
    guard code != "unsupported_value", !conditions.contains(where: text.contains),
      !namesOther(than: hint, root, words), !namesPart(of: hint, text)
    else { return false }
    guard !text.isEmpty else { return code == "unsupported_parameter" }
    return outright.contains(where: text.contains) || !namesValue(hint.value(in: root), text, words)
  }

  /// Whether the message names another field of the body: then the two do not go together, or it is about the other.
  private static func namesOther(than hint: RefusedHint, _ root: JSONNode, _ words: Set<String>) -> Bool {
    (root.members ?? []).contains { member in
      member.key != hint.key && member.key != "model" && words.contains(member.key.lowercased())
    }
  }

  /// Whether the message is about something inside the hint, or about a field of its name inside another: a path.
  private static func namesPart(of hint: RefusedHint, _ text: String) -> Bool {
    let inside = ["\(hint.name).", "\(hint.name)["].contains { mark in
      text.ranges(of: mark).contains { $0.upperBound < text.endIndex && !text[$0.upperBound].isWhitespace }
    }
    return inside || hint.part == nil && [".\(hint.name)", "]\(hint.name)"].contains(where: text.contains)
  }

  /// Whether the message names what the client said by the hint.
  private static func namesValue(_ value: JSONNode?, _ text: String, _ words: Set<String>) -> Bool {
    guard let value else { return false }
    if let members = value.members { return members.contains { namesValue($0.value, text, words) } }
    if let elements = value.elements { return elements.contains { namesValue($0, text, words) } }
    let said = (value.string ?? String(decoding: value.jsonBytes, as: UTF8.self)).lowercased()
    if said.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) { return words.contains(said) }
    return text.contains(said)
  }

  /// Words with which servers refuse a parameter, or a value of it.
  private static let refusals = [
    "unsupported", "not support", "n't support", "unrecognized", "unknown", "unexpected", "extra inputs",
    "not permitted", "not allowed", "not available", "extra_forbidden", "extra fields", "no longer",
    "cannot both be specified", "deprecated", "only the default",
  ]

  /// Words that refuse a parameter whatever its value.
  private static let outright = [
    "unsupported parameter", "unrecognized request argument", "unrecognized parameter", "unrecognized field",
    "unrecognized argument", "unknown parameter", "unknown field", "unknown argument", "unknown name",
    "unexpected keyword", "unexpected field", "unexpected parameter", "extra inputs", "extra_forbidden", "extra fields",
  ]

  /// Words of a value, or of what else a request says.
  private static let conditions = [
    "unsupported value", "invalid value", "this value", "supported values", "valid values", "allowed values",
    "accepted values", "permitted values", "possible values", "both ", "together", "combin", "at the same time",
    "simultaneous", "mutually", "conflict", "alongside", "in conjunction", " when ", " while ", " if ", " unless ",
    "adaptive",
  ]
}
