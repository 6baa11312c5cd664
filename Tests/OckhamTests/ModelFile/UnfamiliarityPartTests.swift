import Testing

@testable import Ockham

/// The part of a model file that measures unfamiliarity.
struct UnfamiliarityPartTests {
  private static let description = #"{"measure":"home/1","home":["chats"],"families":["exams","chats"]}"#

  /// 1, −½, ¼, … by turns.
  private static let weights = DenseFeatures.names.indices.map { Float([1, -0.5, 0.25][$0 % 3]) }

  private func file(
    _ description: String = description, parts: String = #"["unfamiliarity"]"#,
    change: (inout TensorFile) -> Void = { _ in }
  ) -> [UInt8] {
    var file = ModelFixture.logistic.file
    file.metadata["format"] = Model.partsFormatName
    file.metadata["parts"] = parts
    file.metadata["unfamiliarity"] = description
    file.set(Tensor(name: "unfamiliarity.weight", shape: [Self.weights.count], floats: Self.weights))
    file.set(Tensor(name: "unfamiliarity.bias", shape: [1], floats: [-0.5]))
    file.set(Tensor(name: "unfamiliarity.blend", shape: [2, 2], floats: [0.25, 0.75, 0, 0.5]))
    file.set(Tensor(name: "unfamiliarity.base", shape: [3, 2], floats: [0.5, 0.75, 0.25, 0.625, 0.625, 0.875]))
    file.set(Tensor(name: "unfamiliarity.rise", shape: [1], floats: [0.4]))
    change(&file)
    file.sortTensors()
    return file.sealed().encoded()
  }

  private func refusal(_ bytes: [UInt8]) -> ModelFileError? {
    do throws(ModelFileError) { _ = try Model(bytes) } catch { return error }
    return nil
  }

  private func refusal(_ name: String, _ shape: [Int], _ floats: [Float]) -> ModelFileError? {
    refusal(file { $0.set(Tensor(name: "unfamiliarity.\(name)", shape: shape, floats: floats)) })
  }

  @Test func itIsReadAsItWasWritten() throws {
    let part = try #require(try Model(file()).unfamiliarity)
    #expect(part.home == ["chats"] && part.families == ["exams", "chats"] && part.rise == 0.4)
    #expect(
      part.weights == Self.weights && part.bias == -0.5 && part.blend == .isotonic(x: [0.25, 0.75], y: [0, 0.5]))
    #expect(part.base == [0.5, 0.75] && part.lower == [0.25, 0.625] && part.upper == [0.625, 0.875])
    #expect(part.below == [0.25, 0.125] && part.above == [0.125, 0.125])
    let model = try Model(file())
    #expect(model.measuresUnfamiliarity)
    #expect(try !Model(ModelFixture.logistic.file.encoded()).measuresUnfamiliarity)
    let tensors = part.tensors
    #expect(
      tensors.map(\.name) == ["weight", "bias", "blend", "base", "rise"].map { "unfamiliarity.\($0)" })
    #expect(tensors.allSatisfy { try! TensorFile(file())[$0.name] == $0 })
  }

  @Test func damageIsNamed() {
    func described(_ description: String, _ expected: String) -> (ModelFileError?, ModelFileError) {
      (refusal(file(description)), .metadataValue(key: "unfamiliarity", expected: expected, found: description))
    }
    func value(_ name: String, _ index: Int, _ expected: String) -> ModelFileError {
      .tensorValue(tensor: "unfamiliarity.\(name)", index: index, expected: expected)
    }
    let (form, families) = ("an object with measure, home, families", "2 to 256 different families")
    let blend = "rising u from 0 to 1 and w from 0 to 1 that does not fall"
    let base = "0 ≤ lower ≤ base ≤ upper ≤ 1"
    let home = "home: some of the families, not all"
    func text(_ measure: String = "home/1", _ home: String = #""a""#, _ names: String = #""a","b""#) -> String {
      #"{"measure":"\#(measure)","home":[\#(home)],"families":[\#(names)]}"#
    }
    let many = (0..<257).map { "\"f\($0)\"" }.joined(separator: ",")
    let cases: [(ModelFileError?, ModelFileError)] = [
      described("[]", form), described(#"{"measure":"home/1"}"#, form),
      described(text("home/2"), "measure home/1"), described(text("home/1", #""a""#, #""a""#), families),
      described(text("home/1", #""a""#, #""a","a""#), families),
      described(text("home/1", #""a""#, #""a","""#), families),
      described(text("home/1", #""a""#, #""a",1"#), families), described(text("home/1", #""a""#, many), families),
      described(text("home/1", ""), home), described(text("home/1", #""c""#), home),
      described(text("home/1", #""a","b""#), home), described(text("home/1", #""a","a""#), home),
      described(text("home/1", "1"), home),
      (refusal("weight", [139], Self.weights.dropLast() + [.nan]), value("weight", 138, "a finite number")),
      (
        refusal("weight", [2], [1, 0]),
        .tensorShape(tensor: "unfamiliarity.weight", expected: "F32 [139]", found: "F32 [2]")
      ),
      (refusal("bias", [1], [.infinity]), value("bias", 0, "a finite number")),
      (
        refusal("blend", [2, 0], []),
        .tensorShape(tensor: "unfamiliarity.blend", expected: "F32 [2, 1 to 256]", found: "F32 [2, 0]")
      ),
      (
        refusal("blend", [1, 2], [0, 1]),
        .tensorShape(tensor: "unfamiliarity.blend", expected: "F32 [2, 1 to 256]", found: "F32 [1, 2]")
      ),
      (refusal("blend", [2, 2], [0.5, 0.5, 0, 1]), value("blend", 1, blend)),
      (refusal("blend", [2, 2], [0.5, 1.5, 0, 1]), value("blend", 1, blend)),
      (refusal("blend", [2, 2], [-0.5, 0.5, 0, 1]), value("blend", 0, blend)),
      (refusal("blend", [2, 2], [0, 0.5, 0.5, 0.25]), value("blend", 1, blend)),
      (refusal("blend", [2, 1], [0, 1.5]), value("blend", 0, blend)),
      (refusal("base", [3, 2], [0.5, 0.5, 0.5, 0.75, 0.5, 0.75]), value("base", 1, base)),
      (refusal("base", [3, 2], [0.5, 0.5, -0.5, 0.5, 0.5, 0.75]), value("base", 0, base)),
      (refusal("base", [3, 2], [0.5, 0.5, 0.5, 0.5, 1.5, 0.75]), value("base", 0, base)),
      (refusal("rise", [1], [0]), value("rise", 0, "a number above 0, at most 2")),
      (refusal("rise", [1], [2.5]), value("rise", 0, "a number above 0, at most 2")),
      (refusal(file { $0.set("unfamiliarity.bias", nil) }), .missingTensor("unfamiliarity.bias")),
      (refusal(file { $0.metadata["unfamiliarity"] = nil }), .missingMetadata("unfamiliarity")),
      (
        refusal(file(parts: "[]")),
        .metadataValue(key: "unfamiliarity", expected: "no such key without the part", found: Self.description)
      ),
    ]
    for (found, expected) in cases { #expect(found == expected) }
  }

  /// One measure at a time, and all of them, against sums in double precision; the logits of tiers stay what they are to the bit.
  @Test(arguments: 1...9) func everyMeasureCounts(_ tiers: Int) throws {
    let part = try #require(try Model(file()).unfamiliarity)
    let count = Self.weights.count
    let own = Heads.logistic(
      DenseLayer(
        weights: (0..<count * tiers).map { Float($0 % 7) / 8 - 0.25 }, bias: (0..<tiers).map { Float($0) / 4 }))
    let heads = own.adding(weights: part.weights, bias: part.bias)
    var (ownBuffers, buffers) = (HeadBuffers(own), HeadBuffers(heads))
    let sums = (0...tiers).map { Float($0) / 16 }
    func check(_ dense: [Float]) {
      var (expected, logits) = ([Float](repeating: 0, count: tiers), [Float](repeating: 0, count: tiers))
      own.score(sums: sums, dense: dense, to: &expected, using: &ownBuffers)
      heads.score(sums: sums, dense: dense, to: &logits, using: &buffers)
      #expect(logits == expected)
      #expect(buffers.linear[tiers] == part.logit(dense))
      let z = zip(dense, Self.weights).reduce(-0.5) { $0 + Double($1.0) * Double($1.1) }
      let (u, reading) = (1 / (1 + exponential(-z)), part.reading(logit: buffers.linear[tiers]))
      #expect(abs(Double(reading.u) - u) < 1e-5)
      #expect(abs(Double(reading.share) - min(0.5, max(0, u - 0.25))) < 1e-5)
      #expect(reading.isUnfamiliar == (reading.u >= 0.4))
    }
    let none = [Float](repeating: 0, count: count)
    for place in none.indices {
      for value: Float in [-2, 0.5, 2] {
        var dense = none
        dense[place] = value
        check(dense)
      }
    }
    check(none.indices.map { Float($0 % 5) / 4 - 0.5 })
  }
}
