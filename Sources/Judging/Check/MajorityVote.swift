import TextKit

/// Picks the answer that most of several agree on.
package enum MajorityVote {
  /// What of an answer is compared.
  private enum Ballot: Equatable {
    /// Calls of tools, in order, with their arguments.
    case calls([String], [Arguments])
    /// A text that is JSON: by value.
    case json(JSONNode)
    /// Any other text, as words.
    case words([Substring])
  }

  /// Arguments of a call: by value, and by their text where they are no JSON.
  private enum Arguments: Equatable {
    case json(JSONNode)
    case text(String)

    init(_ text: String) { self = (try? JSONParser.parse(Array(text.utf8))).map(Arguments.json) ?? .text(text) }
  }

  /// The index of the answer to take and how many agree with it; `nil` without answers.
  ///
  /// Answers agree when they call the same tools with equal arguments, are equal as JSON, or have the same words: case,
  /// white space and the punctuation around words aside. Empty answers agree with nothing, and are taken only where all
  /// are. Between equals, the earliest.
  /// - Complexity: O(answers² · length).
  package static func winner(of answers: [GivenAnswer]) -> (index: Int, votes: Int)? {
    guard !answers.isEmpty else { return nil }
    let ballots = answers.map(ballot)
    var best = (index: 0, votes: 0)
    for (index, ballot) in ballots.enumerated() {
      guard let ballot else { continue }
      let votes = ballots.count { $0 == ballot }
      if votes > best.votes { best = (index, votes) }
    }
    return best
  }

  private static func ballot(_ answer: GivenAnswer) -> Ballot? {
    if !answer.calls.isEmpty {
      return .calls(answer.calls.map(\.name), answer.calls.map { Arguments($0.arguments) })
    }
    let text = answer.text ?? ""
    if let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[",
      let node = try? JSONParser.parse(Array(text.utf8))
    {
      return .json(node)
    }
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(trimmed).filter { !$0.isEmpty }
    return words.isEmpty ? nil : .words(words)
  }

  /// A word without the punctuation around it; a run of punctuation alone stays.
  private static func trimmed(_ word: Substring) -> Substring {
    var core = word.drop { $0.isPunctuation }
    while core.last?.isPunctuation == true { core.removeLast() }
    return core.isEmpty ? word : core
  }
}
