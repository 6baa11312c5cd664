import Foundation
import Testing

@testable import Ockham

struct TensorFileTests {
  private static let example = TensorFile(
    metadata: ["key": "a \"quoted\" \\ line\nfeed \u{1}\u{1F} é🙂", "": "empty"],
    tensors: [
      Tensor(name: "doubles", shape: [2], doubles: [.pi, -.infinity]),
      Tensor(name: "hashes", shape: [1], uint64s: [.max]),
      Tensor(name: "floats", shape: [2, 2], floats: [1, -0.0, .leastNonzeroMagnitude, .nan]),
      Tensor(name: "single", shape: [], floats: [3]),
      Tensor(name: "none", shape: [0, 5], floats: []),
      Tensor(name: "integers \"quoted\"", shape: [3], int16s: [.min, 0, .max]),
    ])

  @Test func whatIsWrittenIsRead() throws {
    let file = try TensorFile(Self.example.encoded())
    #expect(file == Self.example)
    #expect(file["doubles"]?.doubles == [.pi, -.infinity])
    #expect(file["hashes"]?.uint64s == [.max])
    #expect(
      file["floats"]?.floats?.map(\.bitPattern) == [1, -0.0, .leastNonzeroMagnitude, .nan].map(\Float.bitPattern))
    #expect(file["integers \"quoted\""]?.int16s == [.min, 0, .max])
    #expect(file["single"]?.count == 1 && file["none"]?.count == 0)
    #expect(file["absent"] == nil)
  }

  @Test func elementsAreNotCoerced() {
    let tensor = Tensor(name: "a", shape: [1], floats: [1])
    #expect(tensor.doubles == nil && tensor.int16s == nil && tensor.uint64s == nil)
    #expect(Tensor(name: "a", shape: [1], doubles: [1]).floats == nil)
  }

  @Test func dataIsAlignedAndEqualContentsMakeEqualBytes() {
    let bytes = Self.example.encoded()
    #expect((8 + Int(bytes[0]) + Int(bytes[1]) << 8) % 8 == 0)
    #expect(bytes == Self.example.encoded())
  }

  @Test func spacesAndEscapesInHeadersAreRead() throws {
    let header =
      " {\t\"\\u0061\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\" : {\"shape\":[ ],\n\"data_offsets\":[0,4],\"dtype\":\"F32\"} } "
    let file = try TensorFile(rawFile(header, data: [0, 0, 128, 63]))
    #expect(file.tensors.map(\.name) == ["a😀/\u{8}\u{C}\n\r\t\"\\"])
    #expect(file.tensors[0].floats == [1])
  }

  @Test func modelsSurviveARoundTrip() throws {
    for fixture in [
      ModelFixture.logistic, .joint, .full, ModelFixture(tiers: 5, calibration: Array(repeating: "platt", count: 5)),
    ] {
      let bytes = fixture.file.encoded()
      let model = try Model(bytes)
      #expect(model.tierNames.count == fixture.tiers)
      #expect(model.kind == (fixture.hidden > 0 ? .mlp : .logistic))
      #expect(model.hasTaskHead == (fixture.taskRows > 0))
      #expect(try Model(bytes).identifier == model.identifier)
      #expect(model.thresholds.tierCount == fixture.tiers)
    }
  }

  @Test func everyBitIsInTheIdentifier() throws {
    let bytes = ModelFixture.logistic.file.encoded()
    let identifier = try Model(bytes).identifier
    for bit in UInt8(0)..<8 {
      var other = bytes
      other[other.count - 1] ^= 1 << bit
      #expect(try Model(other).identifier != identifier)
    }
  }

  /// Python's safetensors opens what is written here. Run where `python3` has that library; by hand elsewhere, see the
  /// script's header.
  @Test(.enabled(if: PythonCheck.isAvailable, "python3 has no safetensors"))
  func pythonOpensOurFiles() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "ockham-\(UInt64.random(in: 0 ... .max)).safetensors")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(ModelFixture.full.file.sealed().encoded()).write(to: path)
    let script = GoldenFiles.folder.appending(path: "check_ours.py").path
    #expect(try PythonCheck.run([script, path.path]) == 0)
  }
}

enum PythonCheck {
  static let isAvailable = (try? run(["-c", "import numpy, safetensors"])) == 0

  static func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
