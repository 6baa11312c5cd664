import Testing

@testable import Ockham

/// The part of a model file that measures unfamiliarity.
struct UnfamiliarityPartTests {
  private static let description = #"{"measure":"unseen/1","minimum_rows":2,"families":["exams","chats"]}"#

  private func file(
    _ description: String = description, parts: String = #"["unfamiliarity"]"#,
    change: (inout TensorFile) -> Void = { _ in }
  ) -> [UInt8] {
    var file = ModelFixture.logistic.file
    file.metadata["format"] = Model.partsFormatName
    file.metadata["parts"] = parts
    file.metadata["unfamiliarity"] = description
    file.set(Tensor(name: "unfamiliarity.seen", shape: [16], uint64s: (0..<16).map { 1 << UInt64($0) }))
    file.set(Tensor(name: "unfamiliarity.weight", shape: [2], floats: [1, 0.5]))
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
    #expect(part.minimumRows == 2 && part.families == ["exams", "chats"] && part.rise == 0.4)
    #expect(part.gramWeight == 1 && part.denseWeight == 0.5 && part.blend == .isotonic(x: [0.25, 0.75], y: [0, 0.5]))
    #expect(part.base == [0.5, 0.75] && part.lower == [0.25, 0.625] && part.upper == [0.625, 0.875])
    let model = try Model(file())
    #expect(model.measuresUnfamiliarity && part.seen[3] == 8)
    #expect(try !Model(ModelFixture.logistic.file.encoded()).measuresUnfamiliarity)
    let tensors = part.tensors
    #expect(
      tensors.map(\.name) == ["seen", "weight", "blend", "base", "rise"].map { "unfamiliarity.\($0)" })
    #expect(tensors.allSatisfy { try! TensorFile(file())[$0.name] == $0 })
  }

  @Test func damageIsNamed() {
    func described(_ description: String, _ expected: String) -> (ModelFileError?, ModelFileError) {
      (refusal(file(description)), .metadataValue(key: "unfamiliarity", expected: expected, found: description))
    }
    func value(_ name: String, _ index: Int, _ expected: String) -> ModelFileError {
      .tensorValue(tensor: "unfamiliarity.\(name)", index: index, expected: expected)
    }
    let (form, families) = ("an object with measure, minimum_rows, families", "2 to 256 different families")
    let blend = "rising u from 0 to 2 and w from 0 to 1 that does not fall"
    let base = "0 ≤ lower ≤ base ≤ upper ≤ 1"
    func text(_ measure: String = "unseen/1", _ rows: String = "2", _ names: String = #""a","b""#) -> String {
      #"{"measure":"\#(measure)","minimum_rows":\#(rows),"families":[\#(names)]}"#
    }
    let many = (0..<257).map { "\"f\($0)\"" }.joined(separator: ",")
    let cases: [(ModelFileError?, ModelFileError)] = [
      described("[]", form), described(#"{"measure":"unseen/1"}"#, form),
      described(text("unseen/2"), "measure unseen/1"), described(text("unseen/1", "0"), "minimum_rows from 1"),
      described(text("unseen/1", #""2""#), "minimum_rows from 1"), described(text("unseen/1", "1", #""a""#), families),
      described(text("unseen/1", "1", #""a","a""#), families), described(text("unseen/1", "1", #""a","""#), families),
      described(text("unseen/1", "1", #""a",1"#), families), described(text("unseen/1", "1", many), families),
      (refusal("weight", [2], [1.5, 0]), value("weight", 0, "a weight from 0 to 1")),
      (refusal("weight", [2], [0, -0.5]), value("weight", 1, "a weight from 0 to 1")),
      (refusal("weight", [2], [0, 0]), value("weight", 0, "one weight above 0")),
      (refusal("weight", [2], [.nan, 0]), value("weight", 0, "a finite number")),
      (
        refusal("blend", [2, 0], []),
        .tensorShape(tensor: "unfamiliarity.blend", expected: "F32 [2, 1 to 256]", found: "F32 [2, 0]")
      ),
      (
        refusal("blend", [1, 2], [0, 1]),
        .tensorShape(tensor: "unfamiliarity.blend", expected: "F32 [2, 1 to 256]", found: "F32 [1, 2]")
      ),
      (refusal("blend", [2, 2], [0.5, 0.5, 0, 1]), value("blend", 1, blend)),
      (refusal("blend", [2, 2], [0.5, 2.5, 0, 1]), value("blend", 1, blend)),
      (refusal("blend", [2, 2], [-0.5, 0.5, 0, 1]), value("blend", 0, blend)),
      (refusal("blend", [2, 2], [0, 0.5, 0.5, 0.25]), value("blend", 1, blend)),
      (refusal("blend", [2, 1], [0, 1.5]), value("blend", 0, blend)),
      (refusal("base", [3, 2], [0.5, 0.5, 0.5, 0.75, 0.5, 0.75]), value("base", 1, base)),
      (refusal("base", [3, 2], [0.5, 0.5, -0.5, 0.5, 0.5, 0.75]), value("base", 0, base)),
      (refusal("base", [3, 2], [0.5, 0.5, 0.5, 0.5, 1.5, 0.75]), value("base", 0, base)),
      (refusal("rise", [1], [0]), value("rise", 0, "a number above 0, at most 2")),
      (refusal("rise", [1], [2.5]), value("rise", 0, "a number above 0, at most 2")),
      (refusal(file { $0.set("unfamiliarity.seen", nil) }), .missingTensor("unfamiliarity.seen")),
      (refusal(file { $0.metadata["unfamiliarity"] = nil }), .missingMetadata("unfamiliarity")),
      (
        refusal(file(parts: "[]")),
        .metadataValue(key: "unfamiliarity", expected: "no such key without the part", found: Self.description)
      ),
    ]
    for (found, expected) in cases { #expect(found == expected) }
  }

  @Test func everyBucketAndMeasureCounts() throws {
    let part = try #require(try Model(file()).unfamiliarity)
    // Bit w of word w is seen, and nothing else.
    for bucket in 0..<1_024 {
      let isSeen = bucket % 64 == bucket / 64
      let reading = part.reading(buckets: [UInt32(bucket)], clipped: 0, of: 4)
      #expect(reading.u == (isSeen ? 0 : 1) && reading.share == (isSeen ? 0 : 0.5) && reading.isUnfamiliar == !isSeen)
    }
    #expect(part.reading(buckets: [], clipped: 4, of: 4) == .init(u: 0.5, share: 0.25, isUnfamiliar: false))
    #expect(part.reading(buckets: [0, 1], clipped: 1, of: 4).u == 0.5 + 0.125)
  }
}
