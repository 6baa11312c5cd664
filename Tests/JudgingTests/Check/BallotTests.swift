import Testing

@testable import Judging

/// The vote against a count by classes that were sorted by hand.
struct BallotTests {
  private static func call(_ name: String, _ arguments: String, text: String? = nil) -> GivenAnswer {
    GivenAnswer(text: text, calls: [GivenAnswer.Call(name: name, arguments: arguments)])
  }

  /// Answers, and what each of them votes for; `nil` for nothing.
  private static let answers: [(answer: GivenAnswer, vote: Int?)] = [
    (GivenAnswer(text: nil), nil), (GivenAnswer(text: " \n"), nil), (GivenAnswer(text: nil, refusal: "No."), nil),
    (GivenAnswer(text: "a b"), 1), (GivenAnswer(text: "**A**\tb."), 1), (GivenAnswer(text: "b a"), 2),
    (GivenAnswer(text: #"{"a":[1,2]}"#), 3), (GivenAnswer(text: "{\n\"a\": [1.0, 2e0]}"), 3),
    (GivenAnswer(text: #"{"a":[2,1]}"#), 4), (GivenAnswer(text: #"{"a":[1,2]"#), 5),
    (call("f", #"{"x":1}"#), 6), (call("f", #"{ "x": 1.0 }"#, text: "I call f."), 6), (call("g", #"{"x":1}"#), 7),
    (call("f", "{x"), 8), (call("f", "{x"), 8), (call("f", "{y"), 9),
  ]

  /// All lists of three: the earliest of those with the most votes wins, and it has as many as were counted.
  @Test func theEarliestOfTheMostVotedWins() throws {
    for first in Self.answers {
      for second in Self.answers {
        for third in Self.answers {
          let list = [first, second, third]
          let votes = list.map { one in one.vote == nil ? 0 : list.count { $0.vote == one.vote } }
          let most = try #require(votes.max())
          let winner = try #require(MajorityVote.winner(of: list.map(\.answer)))
          #expect(winner.votes == most && winner.index == votes.firstIndex(of: most), "\(list)")
        }
      }
    }
  }

  /// More answers, in any order: the vote goes to a class, and not to the first who speaks.
  @Test func theOrderOfAnswersDecidesNothingButTies() throws {
    let list = [3, 10, 4, 6, 3, 11, 12, 4].map { Self.answers[$0] }
    for shift in list.indices {
      let turned = Array(list[shift...] + list[..<shift])
      let winner = try #require(MajorityVote.winner(of: turned.map(\.answer)))
      #expect(turned[winner.index].vote == 1 && winner.votes == 4)
    }
  }
}
