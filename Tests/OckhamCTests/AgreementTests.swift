import COckham
import Testing

@testable import Ockham

/// The same model gives C and Swift the same bits.
struct AgreementTests {
  @Test(arguments: Files.models)
  func decisionsAreThoseOfSwift(path: String) throws {
    let (model, router) = try load(path)
    let (swift, scratch) = (Router(model: model), router.makeScratch())
    var swiftScratch = model.makeScratch()
    for request in MadeUpRequests.all {
      let expected = swift.route(request, using: &swiftScratch)
      CRequest(request).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: model.tierNames.count)
        let (status, decision) = scratch.route(request, tiers: &tiers)
        #expect(status == OCKHAM_OK)
        expectEqual(decision, expected, model)
        expectEqual(tiers, swiftScratch)
      }
    }
  }

  @Test(arguments: Files.models)
  func scoresAreThoseOfSwift(path: String) throws {
    let (model, router) = try load(path)
    var swiftScratch = model.makeScratch()
    let scratch = router.makeScratch()
    for request in MadeUpRequests.all {
      model.score(request, into: &swiftScratch)
      CRequest(request).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: model.tierNames.count)
        let (status, result) = scratch.score(request, tiers: &tiers)
        #expect(status == OCKHAM_OK)
        expectEqual(tiers, swiftScratch)
        #expect(result.difficulty == swiftScratch.difficulty)
        #expect(result.gain == swiftScratch.probabilities.last! - swiftScratch.probabilities[0])
        #expect(result.task == swiftScratch.task.map { Int32($0.rawValue) } ?? -1)
        #expect(result.task_probability == swiftScratch.taskProbabilities.max() ?? 0)
      }
    }
  }

  @Test(arguments: Files.models)
  func explanationsAreThoseOfSwift(path: String) throws {
    let (model, router) = try load(path)
    var swiftScratch = model.makeScratch()
    let scratch = router.makeScratch()
    let request = MadeUpRequests.all[7]
    model.score(request, into: &swiftScratch)
    let expected = model.explain(swiftScratch, from: 0, to: 1)
    CRequest(request).withRequest { request in
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: model.tierNames.count)
      #expect(scratch.score(request, tiers: &tiers).0 == OCKHAM_OK)
    }
    let (status, explanation, named) = scratch.explain(0, 1, count: 5)
    #expect(status == OCKHAM_OK)
    #expect(explanation.logit_difference == expected.logitDifference && explanation.dense == expected.dense)
    #expect(explanation.bias == expected.bias && explanation.hidden == expected.hidden)
    #expect(
      explanation.system_grams == expected.nGrams.system && explanation.question_grams == expected.nGrams.question)
    #expect(explanation.history_grams == expected.nGrams.history && explanation.tool_grams == expected.nGrams.tools)
    let largest = expected.contributions.prefix(5).map { ($0.name, $0.value) }
    #expect(named == Dictionary(uniqueKeysWithValues: largest))
  }

  @Test func namesAreThoseOfTheModel() throws {
    let (model, router) = try load(Files.models[0])
    #expect((0..<router.tierCount).map { router.tierName($0) } == model.tierNames)
    #expect(router.modelIdentifier == model.identifier)
    #expect(ockham_abi_version() == UInt32(OCKHAM_ABI_VERSION))
  }

  private func load(_ path: String) throws -> (Model, CRouter) {
    let bytes = try Files.bytes(path)
    return (try Model(bytes), try CRouter(bytes))
  }

  private func expectEqual(_ found: ockham_decision, _ expected: Decision, _ model: Model) {
    #expect(found.tier == expected.tier && String(cString: found.tier_name) == model.tierNames[expected.tier])
    #expect(String(cString: found.reason_name) == expected.reason.rawValue)
    #expect(Decision.Reason.allCases[Int(found.reason)] == expected.reason)
    #expect(found.gain == expected.gain && found.threshold == expected.threshold)
    #expect(found.propensity == expected.propensity && found.model_id == expected.modelIdentifier)
    #expect(found.task_name.map { String(cString: $0) } == expected.task?.name)
    let cost = found.expected_cost_usd
    #expect(cost.isNaN ? expected.expectedCostUSD == nil : cost == expected.expectedCostUSD)
  }

  private func expectEqual(_ tiers: [ockham_tier_score], _ scratch: Scratch) {
    #expect(tiers.map(\.probability.bitPattern) == scratch.probabilities.map(\.bitPattern))
    #expect(tiers.map(\.logit.bitPattern) == scratch.logits.map(\.bitPattern))
    let costs = scratch.expectedCostUSD
    #expect(costs.isEmpty ? tiers.allSatisfy(\.expected_cost_usd.isNaN) : tiers.map(\.expected_cost_usd) == costs)
  }
}
