import Foundation
import Ockham
import RequestLog
import TextKit
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore
@testable import OckhamCLI

/// `/v1/route` beside `ockham route`, on the same request and model.
struct RouteServiceTests {
  private static let prompt = "Prove that the square root of 2 is irrational."

  private static func model(predictsCosts: Bool) throws -> Model {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let bytes = [UInt8](try Data(contentsOf: root.appending(path: "models/default/model.safetensors")))
    guard predictsCosts else { return try Model(bytes) }
    var file = try TensorFile(bytes)
    let dense = DenseFeatures.names.count
    file.set(Tensor(name: "cost.weight", shape: [dense, 3], floats: [Float](repeating: 0, count: dense * 3)))
    file.set(Tensor(name: "cost.bias", shape: [3], floats: [1, 2, 3]))
    file.set(Tensor(name: "cost.range", shape: [2, 3], floats: [0, 0, 0, 8, 8, 8]))
    file.set(Tensor(name: "cost.smearing", shape: [3], floats: [1, 1, 1]))
    file.set(Tensor(name: "cost.price", shape: [2, 3], doubles: [1e-7, 1e-6, 1e-5, 1e-6, 1e-5, 1e-4]))
    file.set(Tensor(name: "cost.mean_step", shape: [2], doubles: [1e-4, 1e-3]))
    return try Model(file.sealed().encoded())
  }

  private func kinds(_ members: ArraySlice<JSONMember>) -> [String] {
    members.flatMap { member in
      ["\(member.key): \(member.value.kindName)"] + kinds((member.value.members ?? [])[...])
    }
  }

  @Test(arguments: [false, true]) func saysWhatTheCommandLineSays(predictsCosts: Bool) async throws {
    let model = try Self.model(predictsCosts: predictsCosts)
    let gateway = try await TestGateway.start(.demo(tierNames: model.tierNames), model: model)
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/route", TestGateway.chatBody(Self.prompt, model: "auto"))
    let ours = try #require(try JSONParser.parse(Array(seen.text.utf8)).members)
    var text = DecisionText(router: Router(model: model), format: .json)
    let line = text.line(LogRecord(id: "prompt", request: Request(prompt: Self.prompt)))
    let theirs = try #require(try JSONParser.parse(line).members)
    #expect(kinds(ours.prefix(theirs.count)) == kinds(theirs[...]))
    for (our, their) in zip(ours, theirs) where !["id", "nanoseconds"].contains(our.key) {
      #expect(
        String(decoding: our.value.jsonBytes, as: UTF8.self) == String(decoding: their.value.jsonBytes, as: UTF8.self))
    }
    #expect(
      ours.dropFirst(theirs.count).map(\.key)
        == ["target", "propensity", "policy", "rules", "allowed", "fallbacks", "model", "eligible", "observed"])
  }
}
