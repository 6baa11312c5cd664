package import ChatProtocols
package import Judging

extension AnswerCheck {
  /// - Parameter request: what was asked: its response format, tools and limits are what an answer is held to. Its schemas
  ///   are a client's, and so are checked within bounds.
  package init(for request: ChatRequest, _ configuration: CascadeConfiguration) {
    let attributes = request.request.attributes
    self.init(
      form: FormCheck(bounded: AnswerForm(request.chat["response_format"])), toolNames: Set(attributes.toolNames),
      hasOwnLimit: attributes.maximumOutputTokens != nil, minimumMeanLogprob: configuration.minimumMeanLogprob)
  }

  /// The first validation failure of an answer; `nil` for one that passes. Where the client asked for several, all must pass.
  package func failure(of answer: ChatResponse) -> ValidationFailure? {
    failure(of: answer.choices.map { GivenAnswer($0) })
  }
}

extension GivenAnswer {
  init(_ choice: ChatChoice) {
    self.init(
      text: choice.content, refusal: choice.refusal,
      calls: choice.toolCalls.map { Call(name: $0.name, arguments: $0.arguments) }, ending: Ending(choice.finishReason),
      meanLogprob: AnswerCheck.meanLogprob(choice.logprobs))
  }

  /// The first choice, which is what votes and judges look at; an empty answer where there is none.
  package init(firstOf answer: ChatResponse) {
    self = answer.choices.first.map { GivenAnswer($0) } ?? GivenAnswer(text: nil)
  }
}

extension GivenAnswer.Ending {
  fileprivate init(_ reason: FinishReason) {
    self =
      switch reason {
      case .length: .cutOff
      case .contentFilter: .contentFiltered
      case .stop, .toolCalls, .other: .finished
      }
  }
}
