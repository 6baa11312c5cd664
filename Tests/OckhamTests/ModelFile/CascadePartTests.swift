import Testing

@testable import Ockham

/// The part of a model file that holds a cascade.
struct CascadePartTests {
  private func file(
    _ description: String = #"{"start":[0,1],"check":[0]}"#, parts: String = #"["response","cascade"]"#,
    change: (inout TensorFile) -> Void = { _ in }
  ) -> [UInt8] {
    var file = ModelFixture.responses.file
    file.metadata["parts"] = parts
    file.metadata["cascade"] = description
    file.set(Tensor(name: "cascade.tier_cost_usd", shape: [2], doubles: [0.001, 0.02]))
    file.set(Tensor(name: "cascade.spread", shape: [1], floats: [0.25]))
    file.set(Tensor(name: "cascade.price", shape: [2], doubles: [12, 0]))
    change(&file)
    file.sortTensors()
    return file.sealed().encoded()
  }

  private func refusal(_ bytes: [UInt8]) -> ModelFileError? {
    do throws(ModelFileError) { _ = try Model(bytes) } catch { return error }
    return nil
  }

  @Test func aCascadeIsReadAsItWasWritten() throws {
    let policy = try #require(try Model(file()).cascade)
    #expect(policy.tierCostUSD == [0.001, 0.02] && policy.spreads == [0.25])
    #expect(policy.lambda == 12 && policy.premium == 0 && policy.startTiers == [0, 1] && policy.checkedTiers == [0])
    #expect(try Model(ModelFixture.responses.file.encoded()).cascade == nil)
    #expect(try Model(file(#"{"start":[1],"check":[]}"#)).cascade?.checkedTiers == [])
  }

  @Test func damageIsNamed() {
    func described(_ description: String, _ expected: String) -> (ModelFileError?, ModelFileError) {
      (refusal(file(description)), .metadataValue(key: "cascade", expected: expected, found: description))
    }
    let (form, starts, checks) = (
      "an object with start, check", "start: tiers from 0 below 2, rising",
      "check: tiers with response heads, rising"
    )
    let cases = [
      described("[]", form), described(#"{"check":[0],"start":[0]}"#, form), described(#"{"start":[0]}"#, form),
      described(#"{"start":0,"check":[0]}"#, form), described(#"{"start":[],"check":[0]}"#, starts),
      described(#"{"start":[2],"check":[0]}"#, starts), described(#"{"start":[0,0],"check":[0]}"#, starts),
      described(#"{"start":["0"],"check":[0]}"#, starts), described(#"{"start":[0],"check":[1]}"#, checks),
      described(#"{"start":[0],"check":[0,0]}"#, checks),
      (
        refusal(file { $0.set(Tensor(name: "cascade.spread", shape: [1], floats: [2.5])) }),
        .tensorValue(tensor: "cascade.spread", index: 0, expected: "a probability from 0 to 2")
      ),
      (
        refusal(file { $0.set(Tensor(name: "cascade.spread", shape: [1], floats: [.nan])) }),
        .tensorValue(tensor: "cascade.spread", index: 0, expected: "a finite number")
      ),
      (
        refusal(file { $0.set(Tensor(name: "cascade.tier_cost_usd", shape: [2], doubles: [0, -1])) }),
        .tensorValue(tensor: "cascade.tier_cost_usd", index: 1, expected: "a cost from 0 to 1000000 USD")
      ),
      (
        refusal(file { $0.set(Tensor(name: "cascade.price", shape: [2], doubles: [.infinity, 0])) }),
        .tensorValue(tensor: "cascade.price", index: 0, expected: "a number from 0 to 1e30")
      ),
      (refusal(file { $0.set("cascade.price", nil) }), .missingTensor("cascade.price")),
      (refusal(file { $0.metadata["cascade"] = nil }), .missingMetadata("cascade")),
      (
        refusal(file(parts: #"["response"]"#)),
        .metadataValue(
          key: "cascade", expected: "no such key without the part", found: #"{"start":[0,1],"check":[0]}"#)
      ),
    ]
    for (found, expected) in cases { #expect(found == expected) }
  }

  /// Every number that a file may hold decides.
  @Test func extremeCascadesDecide() throws {
    for price in [[0.0, 0], [1e30, 0], [0, 1e30], [1e30, 1e30]] {
      for costs in [[0.0, 0], [1e6, 0], [0, 1e6]] {
        let model = try Model(
          file {
            $0.set(Tensor(name: "cascade.price", shape: [2], doubles: price))
            $0.set(Tensor(name: "cascade.tier_cost_usd", shape: [2], doubles: costs))
          })
        let policy = try #require(model.cascade)
        let (low, high): ([Float], [Float]) = ([0, 1], [1, 0])
        for probabilities in [low, high] {
          #expect((0..<2).contains(policy.start(probabilities.span)))
          let step = policy.escalation(from: 0, probabilities.span)
          #expect(step?.candidate == 1 && step?.threshold.isNaN == false)
        }
      }
    }
  }
}
