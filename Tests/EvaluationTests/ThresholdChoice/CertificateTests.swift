import TextKit
import Testing

@testable import Evaluation

/// What a guarantee was proven from is written, read and proven again; what was changed for the better is found out.
@Suite struct CertificateTests {
  enum Case: String, CaseIterable, Sendable {
    case outcomes, requests, dollars, weighted

    var goal: ThresholdGoal {
      switch self {
      case .outcomes, .weighted: .targetQuality(fraction: 0.85)
      case .requests: .maximumShare(tier: "mid", share: 0.3)
      case .dollars: .maximumCostPer1000(usd: 0.7)
      }
    }
  }

  private static func certificate(_ kind: Case) throws -> GuaranteeCertificate {
    var made = MadeUpLog(seed: 61)
    let log = try made.log(rows: 700, weighted: kind == .weighted)
    let choice = try ThresholdChoice(
      log, goal: kind.goal, tierCosts: TierCosts(given: [0.0002, 0.001], tierCount: 2),
      parameters: .init(gridCount: 16, orders: 8))
    guard case .chosen(let chosen) = choice else { throw Refused() }
    return chosen.certificate
  }

  private struct Refused: Error {}

  private static func node(_ certificate: GuaranteeCertificate) -> JSONNode { .object(certificate.members) }

  /// A node with another value at a path of keys.
  private static func changed(_ node: JSONNode, _ path: [String], to value: JSONNode) -> JSONNode {
    guard let key = path.first else { return value }
    return .object(
      (node.members ?? []).map { member in
        (member.key, member.key == key ? changed(member.value, Array(path.dropFirst()), to: value) : member.value)
      })
  }

  private static func fault(_ node: JSONNode) -> String? { GuaranteeCertificate(node)?.fault }

  @Test(arguments: Case.allCases) func whatIsWrittenIsReadAndProvenAgain(kind: Case) throws {
    let certificate = try Self.certificate(kind)
    #expect(certificate.fault == nil && certificate.goal == kind.goal)
    let text = Self.node(certificate).jsonText
    let read = try #require(GuaranteeCertificate(try JSONParser.parse(Array(text.utf8))))
    #expect(read == certificate && read.fault == nil)
    #expect(Self.node(read).jsonText == text)
  }

  @Test(arguments: Case.allCases) func strongerClaimsOfTheSameEvidenceAreFoundOut(kind: Case) throws {
    let certificate = try Self.certificate(kind)
    let node = Self.node(certificate)
    // Bets are laid for a level: at a slightly stricter one the same draws may prove the same.
    let level = certificate.pValue / (node["evidence"]?["draws"] == nil ? 2 : 1e9)
    let surer = Self.fault(Self.changed(node, ["confidence"], to: .number(1 - level)))
    #expect(surer?.hasPrefix("the evidence does not prove the guarantee") == true, "\(surer ?? "")")
    let luckier = Self.fault(Self.changed(node, ["p"], to: .number(certificate.pValue / 2)))
    #expect(luckier?.hasPrefix("p is ") == true, "\(luckier ?? "")")
    // Another number of the goal, and more of it than is shown.
    switch kind {
    case .outcomes:
      #expect(Self.fault(Self.changed(node, ["goal", "target_quality"], to: .number(0.86)))?.contains("goal") == true)
      let better = Self.fault(Self.changed(node, ["bound"], to: .number(certificate.bound + 0.02)))
      #expect(better?.contains("is not proven") == true)
    case .requests:
      #expect(Self.fault(Self.changed(node, ["goal", "max_share"], to: .number(0.29)))?.contains("goal") == true)
      let better = Self.fault(Self.changed(node, ["bound"], to: .number(certificate.bound - 0.03)))
      #expect(better?.contains("is not proven") == true)
    case .dollars, .weighted: break
    }
  }

  @Test func worseEvidenceDoesNotProve() throws {
    let outcomes = Self.node(try Self.certificate(.outcomes))
    let lost = try #require(outcomes["evidence"]?["lost"]?.integer)
    let worse = Self.changed(outcomes, ["evidence", "lost"], to: .integer(lost + 30))
    #expect(Self.fault(Self.changed(worse, ["n"], to: .integer(800)))?.contains("does not prove") == true)
    let requests = Self.node(try Self.certificate(.requests))
    let sent = try #require(requests["evidence"]?["requests"]?.integer)
    let more = Self.changed(requests, ["evidence", "requests"], to: .integer(sent + 30))
    #expect(Self.fault(more)?.contains("does not prove") == true)
  }

  /// As many draws as there are: neither more nor fewer than n can be tested.
  @Test(arguments: Case.allCases, [-1, 1]) func evidenceOfAnotherNumberOfDraws(kind: Case, more: Int) throws {
    let node = Self.node(try Self.certificate(kind))
    let rows = try #require(node["n"]?.integer)
    let evidence = try #require(node["evidence"])
    let counted = ["of", "gained", "kept", "lost"].compactMap { evidence[$0]?.integer }.reduce(0, +)
    let least = counted > 0 ? counted : rows
    let fault = Self.fault(Self.changed(node, ["n"], to: .integer(more < 0 ? least - 1 : rows + 1)))
    // Draws that are counted may be a part of all; a list of them is whole.
    #expect((fault == nil) == (more > 0 && counted > 0), "\(fault ?? "no fault")")
    #expect(fault.map { $0.contains("draws") } ?? true)
  }

  @Test func evidenceOfAnotherKindIsOfAnotherGoal() throws {
    let (outcomes, requests) = (
      Self.node(try Self.certificate(.outcomes)), Self.node(try Self.certificate(.requests))
    )
    for (one, other) in [(outcomes, requests), (requests, outcomes)] {
      let mixed = Self.changed(one, ["evidence"], to: try #require(other["evidence"]))
      #expect(Self.fault(mixed) == "the evidence is of another goal than the guarantee")
    }
  }

  /// Whatever cannot be a certificate is none, and nothing of it is looked at.
  @Test(arguments: [
    #"{"confidence":1}"#, #"{"confidence":0}"#, #"{"n":0}"#, #"{"n":10000001}"#, #"{"n":1.5}"#, #"{"orders":0}"#,
    #"{"orders":10001}"#, #"{"seed":null}"#, #"{"p":"small"}"#, #"{"bound":null}"#, #"{"goal":{}}"#,
    #"{"goal":{"target_quality":0}}"#, #"{"goal":{"target_quality":1.01}}"#, #"{"goal":{"max_cost_per_1k":0}}"#,
    #"{"goal":{"max_share":1,"tier":"a"}}"#, #"{"goal":{"max_share":0.5}}"#, #"{"evidence":{}}"#,
    #"{"evidence":{"requests":3,"of":2,"share":0.5}}"#, #"{"evidence":{"requests":-1,"of":2,"share":0.5}}"#,
    #"{"evidence":{"requests":1,"of":2,"share":1}}"#,
    #"{"evidence":{"gained":-1,"kept":2,"lost":0,"fraction":0.9}}"#,
    #"{"evidence":{"gained":1,"kept":10000000,"lost":0,"fraction":0.9}}"#,
    #"{"evidence":{"gained":1,"kept":2,"lost":0,"fraction":0}}"#,
    #"{"evidence":{"draws":[0.5,"x"],"least":-1,"greatest":1}}"#,
    #"{"evidence":{"draws":[1.5],"least":-1,"greatest":1}}"#, #"{"evidence":{"draws":[],"least":1,"greatest":1}}"#,
  ])
  func whatIsNoCertificate(change: String) throws {
    let plain =
      #"{"goal":{"target_quality":0.9},"confidence":0.95,"n":20,"bound":0.9,"p":0.04,"orders":8,"seed":1,"#
      + #""evidence":{"gained":2,"kept":9,"lost":0,"fraction":0.9}}"#
    let node = try JSONParser.parse(Array(plain.utf8))
    #expect(GuaranteeCertificate(node) != nil)
    for member in try JSONParser.parse(Array(change.utf8)).members ?? [] {
      #expect(GuaranteeCertificate(Self.changed(node, [member.key], to: member.value)) == nil)
    }
  }
}
