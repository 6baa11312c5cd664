import TextKit

/// What a model answered, as far as it can be checked, compared and judged: no provider's form, no client's.
package struct GivenAnswer: Sendable, Hashable {
  /// A tool that the model wants to call.
  package struct Call: Sendable, Hashable {
    package var name: String
    /// The text of a JSON object, as the model wrote it. Not always well-formed.
    package var arguments: String

    package init(name: String, arguments: String) {
      self.name = name
      self.arguments = arguments
    }
  }

  /// Why the model stopped, as far as it matters here.
  package enum Ending: Sendable, Hashable {
    case finished
    /// At a limit of tokens.
    case cutOff
    case contentFiltered
  }

  /// `nil` where there is none, as with calls.
  package var text: String?
  /// The text of a refusal, where it is set apart.
  package var refusal: String?
  package var calls: [Call]
  package var ending: Ending
  /// The mean log probability of the tokens, where it is known.
  package var meanLogprob: Double?

  package init(
    text: String?, refusal: String? = nil, calls: [Call] = [], ending: Ending = .finished, meanLogprob: Double? = nil
  ) {
    self.text = text
    self.refusal = refusal
    self.calls = calls
    self.ending = ending
    self.meanLogprob = meanLogprob
  }
}

extension GivenAnswer {
  /// Whether both call the same tools with the same arguments, in the same order; arguments are compared as JSON.
  package func callsAgree(with other: GivenAnswer) -> Bool {
    calls.count == other.calls.count
      && zip(calls, other.calls).allSatisfy { one, two in
        one.name == two.name && Self.argumentsAgree(one.arguments, two.arguments)
      }
  }

  private static func argumentsAgree(_ one: String, _ two: String) -> Bool {
    if one == two { return true }
    guard let left = try? JSONParser.parse(Array(one.utf8)), let right = try? JSONParser.parse(Array(two.utf8)) else {
      return false
    }
    return left == right
  }
}
