import Testing

@testable import Ockham

/// The part of a model file that says what traffic looked like.
struct DriftPartTests {
  /// Two days in two groups, with a feature, a share and dollars.
  private static var reference: DriftReference {
    var made = DriftReference(tiers: 2)
    (made.source, made.begin, made.end, made.conversations, made.groups) = (.live, 86_400, 86_400 * 8, 3, 2)
    made.statistics = [
      .init(name: "feature.words", edges: [1, 2.5], bins: 3), .init(name: "share.tier", edges: [], bins: 2),
      .init(name: "cost.1", edges: [0.01], bins: 3), .init(name: "share.failed", edges: [], bins: 2),
    ]
    for (day, group) in [(1, 0), (1, 1), (2, 1)] {
      var block = DriftReference.Block(day: day, group: group, tiers: 2, bins: 10)
      (block.rows, block.weight, block.quality) = (2, 4, [1, 3.5])
      block.bins = [1, 2, 1, 3, 1, 0, 1, 0, 3, 1]
      made.blocks.append(block)
    }
    (made.calibrationErrors, made.judgeBiases, made.labels) = ([0.02, nil], [0, nil], [4, 0])
    return made
  }

  private static func bytes(
    _ reference: DriftReference = reference, change: (inout TensorFile) -> Void = { _ in }
  ) -> [UInt8] {
    var file = ModelFixture.responses.file
    file.metadata["parts"] = #"["drift","response"]"#
    file.metadata["drift"] = reference.description
    file.tensors += reference.tensors
    change(&file)
    file.sortTensors()
    return file.sealed().encoded()
  }

  private static func refusal(_ bytes: [UInt8]) -> ModelFileError? {
    do throws(ModelFileError) { _ = try Model(bytes) } catch { return error }
    return nil
  }

  @Test func aReferenceIsReadAsItWasWritten() throws {
    let model = try Model(Self.bytes())
    #expect(model.driftReference == Self.reference)
    #expect(Self.reference.rows == 6 && Self.reference.days == 2 && Self.reference.binStarts == [0, 3, 5, 8])
    let none = DriftReference(tiers: 2)
    #expect(try Model(Self.bytes(none)).driftReference == none)
    #expect(try Model(ModelFixture.responses.file.encoded()).driftReference == nil)
  }

  @Test func aFileOfItsOwnIsOfOneModel() throws {
    let model = try Model(Self.bytes())
    let bytes = Self.reference.file(for: model).encoded()
    #expect(try DriftReference(bytes, for: model) == Self.reference)
    let other = try Model(ModelFixture.responses.file.encoded())
    #expect(throws: ModelFileError.self) { try DriftReference(bytes, for: other) }
    var damaged = bytes
    damaged[damaged.count - 1] ^= 1
    #expect(throws: ModelFileError.self) { try DriftReference(damaged, for: model) }
    var day = Self.reference
    day.end = day.begin + 86_400
    day.blocks.removeLast()
    let short = day.file(for: model).encoded()
    #expect(throws: ModelFileError.self) { try DriftReference(short, for: model) }
    #expect(try DriftReference(short, for: model, leastSeconds: 86_400) == day)
  }

  @Test func theDescriptionIsChecked() {
    func described(_ change: (inout DriftReference) -> Void, _ expected: String) {
      var reference = Self.reference
      change(&reference)
      let found = Self.refusal(Self.bytes(reference))
      #expect(
        found == .metadataValue(key: "drift", expected: expected, found: reference.description), "\(expected)")
    }
    described({ $0.end = $0.begin }, "begin before end, or both 0")
    described({ $0.end = $0.begin + 86_400 }, "at least 604800 seconds of live traffic")
    described({ $0.source = .none }, "nothing counted without a reference")
    described({ $0.conversations = 0 }, "1 to rows conversations and at least one statistic")
    described({ $0.conversations = 7 }, "1 to rows conversations and at least one statistic")
    described({ $0.groups = 257 }, "1 to 256 groups")
    described({ $0.statistics[0].name = "feature.none" }, "different statistics of this model")
    described({ $0.statistics[2].name = "cost.2" }, "different statistics of this model")
    described({ $0.statistics[1].name = "share.task" }, "a task head beside share.task")
    let texts = [
      ("[]", "an object with source, begin, end, rows, conversations, days, groups, statistics"),
      (Self.reference.description.replacing("live", with: "other"), "source none, training or live"),
      (
        Self.reference.description.replacing("\"groups\":2", with: "\"groups\":\"2\""),
        "integers begin, end, rows, conversations, days, groups"
      ),
      (Self.reference.description.replacing("\"days\":2", with: "\"days\":3"), "the number of days of its blocks"),
      (Self.reference.description.replacing("\"rows\":6", with: "\"rows\":7"), "the number of rows of its blocks"),
    ]
    for (text, expected) in texts {
      let found = Self.refusal(Self.bytes { $0.metadata["drift"] = text })
      #expect(found == .metadataValue(key: "drift", expected: expected, found: text))
    }
  }

  @Test func theTensorsAreChecked() {
    func refused(_ tensor: String, _ index: Int, _ expected: String, _ change: (inout DriftReference) -> Void) {
      var reference = Self.reference
      change(&reference)
      #expect(
        Self.refusal(Self.bytes(reference)) == .tensorValue(tensor: tensor, index: index, expected: expected),
        "\(expected)")
    }
    refused("drift.edges", 1, "edges that rise") { $0.statistics[0].edges = [2, 2] }
    refused("drift.block.day", 0, "a day from 0") { $0.blocks[0].day = -1 }
    refused("drift.block.group", 1, "groups from 0 below 2, days and groups rising") { $0.blocks[1].group = 0 }
    refused("drift.block.rows", 0, "at least one row") { $0.blocks[0].rows = 0 }
    refused("drift.block.weight", 2, "a weight above 0, at most 1e12") { $0.blocks[2].weight = 0 }
    refused("drift.block.quality", 3, "0 to the block's weight") { $0.blocks[1].quality[1] = 4.1 }
    refused("drift.weight", 0, "a weight of at least 0") { $0.blocks[0].bins[0] = -1 }
    refused("drift.weight", 0, "bins that add up to the block's weight") { $0.blocks[0].bins[0] = 2 }
    refused("drift.weight", 5, "at most the block's weight") { $0.blocks[0].bins[5] = 4 }
    refused("drift.calibration", 1, "0 to 1, or -1 for unknown") { $0.calibrationErrors[1] = 2 }
    refused("drift.labels", 0, "0 to rows") { $0.labels[0] = 7 }
    #expect(
      Self.refusal(Self.bytes { $0.tensors.removeAll { $0.name == "drift.labels" } }) == .missingTensor("drift.labels"))
  }
}
