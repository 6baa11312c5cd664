import Testing

@testable import Ockham

/// What a checksum of the tensors finds, and that files without one load as ever.
struct ChecksumTests {
  private let sealed = ModelFixture.full.file.sealed().encoded()

  @Test func sealedFilesLoadAndSayTheirChecksum() throws {
    for fixture in [ModelFixture.logistic, .joint, .full] {
      let file = fixture.file.sealed()
      let model = try Model(file.encoded())
      #expect(model.metadata["tensors_sha256"] == file.tensorsSHA256)
      #expect(file.sealed() == file)
    }
  }

  /// Without a checksum most flips make another model that no one notices.
  @Test func everyFlippedBitOfTheDataIsRefused() throws {
    let start = try TensorFile.dataStart(in: sealed)
    let checksum = ModelFixture.full.file.tensorsSHA256
    var draws = SplitMix64(seed: 7)
    let places = [start, sealed.count - 1] + (0..<400).map { _ in Int.random(in: start..<sealed.count, using: &draws) }
    for (index, place) in places.enumerated() {
      var damaged = sealed
      damaged[place] ^= 1 << UInt8(index % 8)
      #expect("byte \(place)") { _ = try Model(damaged) } throws: { error in
        guard case .tensorsChecksum(let expected, let found)? = error as? ModelFileError else { return false }
        return expected == checksum && found != checksum
      }
    }
  }

  /// The checksum is over the data as it lies in the file, whatever the order of the header's entries.
  @Test func orderOfEntriesInTheHeaderDoesNotMatter() throws {
    let tensors = [
      #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#,
      #""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#,
    ]
    let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    var hash = SHA256()
    hash.absorb(data.span)
    let metadata = """
      "__metadata__":{"format":"\(Model.formatName)","feature_schema":"\(FeatureSchema.fingerprint)",\
      "tensors_sha256":"\(hash.hexadecimal)"}
      """
    for entries in [tensors, tensors.reversed()] {
      let file = rawFile("{\(([metadata] + entries).joined(separator: ","))}", data: data)
      #expect(throws: ModelFileError.missingMetadata("features")) { _ = try Model(file) }
    }
  }

  @Test func checksumIsOlderReadersMetadata() throws {
    var file = ModelFixture.full.file
    let plain = try Model(file.encoded())
    file.metadata["tensors_sha256"] = file.tensorsSHA256
    let sealed = try Model(file.encoded())
    #expect(plain.metadata["tensors_sha256"] == nil && plain.identifier != sealed.identifier)
    var scratches = [plain.makeScratch(), sealed.makeScratch()]
    plain.score(Request(prompt: "What is 2 + 2?"), into: &scratches[0])
    sealed.score(Request(prompt: "What is 2 + 2?"), into: &scratches[1])
    #expect(scratches[0].logits == scratches[1].logits)
  }

  /// Written by Python, its checksum by hashlib.
  @Test func checksumOfAnotherImplementationIsAccepted() throws {
    let bytes = try GoldenFiles.bytes("mlp.safetensors")
    let file = try TensorFile(bytes)
    let start = try TensorFile.dataStart(in: bytes)
    var hash = SHA256()
    hash.absorb(bytes.span.extracting(start...))
    #expect(file.metadata["tensors_sha256"] == hash.hexadecimal)
    _ = try Model(bytes)
  }
}
