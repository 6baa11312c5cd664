import Foundation
import Registry
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// Files that the program reads or writes before it serves: what is there, what is missing, what is in the way.
@Suite struct ApplicationFilesTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func file(_ name: String, _ text: String? = nil) throws -> String {
    let path = folder.path + "/" + name
    if let text { try Data(text.utf8).write(to: URL(filePath: path)) }
    return path
  }

  private static func status(_ body: () throws -> Void) -> (Int32, String)? {
    do { try body() } catch let failure as StartFailure { return (failure.exitStatus, failure.description) } catch {
      return (-1, "\(error)")
    }
    return nil
  }

  @Test func aConfigurationFromLiteLLM() throws {
    let source = try file(
      "litellm.yaml",
      """
      model_list:
        - model_name: cheap
          litellm_params: {model: openai/gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY}
      """)
    let output = try file("gateway.yaml")
    let conversion = try Application.fromLiteLLM(source, to: output, environment: ["OPENAI_API_KEY": "k"])
    #expect(try String(contentsOfFile: output, encoding: .utf8) == conversion.yaml)
    #expect(conversion.yaml.contains("gpt-4o-mini"))
    let again = Self.status { _ = try Application.fromLiteLLM(source, to: output, environment: [:]) }
    #expect(again?.0 == 74 && again?.1.contains("expected no file, found one") == true)
    let absent = Self.status { _ = try Application.fromLiteLLM(folder.path + "/none", to: nil, environment: [:]) }
    #expect(absent?.0 == 66)
    let broken = try file("broken.yaml", "model_list: [")
    #expect(Self.status { _ = try Application.fromLiteLLM(broken, to: nil, environment: [:]) }?.0 == 65)
  }

  @Test func sumsAnewNeedADatabase() throws {
    let without = try file("a.yaml", "providers: {mock: {kind: mock}}\ntiers: [{name: small, targets: [mock/a]}]\n")
    let database = try file("gateway.sqlite")
    let with = try file(
      "b.yaml",
      "providers: {mock: {kind: mock}}\ntiers: [{name: small, targets: [mock/a]}]\ntelemetry: {path: \"\(database)\"}\n"
    )
    func options(_ path: String) -> GatewayOptions { GatewayOptions(configurationPath: path, environment: [:]) }
    let none = Self.status { _ = try Application.rebuildCells(options(with)) }
    #expect(none?.0 == 66 && none?.1.contains(database) == true)
    let unset = Self.status { _ = try Application.rebuildCells(options(without)) }
    #expect(unset == nil || unset?.0 == 65 || unset?.0 == 66)
    let store = SQLiteTelemetry(try SQLiteFile(path: database, lockSeconds: 5))
    store.close()
    #expect(try Application.rebuildCells(options(with)).hasPrefix("\(database): 0 requests of 0 hours summed anew"))
  }

  @Test func versionsThatServe() throws {
    let folder = folder.path + "/registry"
    #expect(Self.status { _ = try ServedVersions(folder) } != nil, "no registry")
    let registry = try Registry(creating: URL(filePath: folder))
    let empty = Self.status { _ = try ServedVersions(folder) }
    #expect(empty?.1.contains("expected a version that serves, found none; ockham promote") == true)
    let statement = Registry.Statement(by: .init(isAutomatic: false, name: "ann"), reason: "a test", time: 1)
    let parts = VersionParts(
      model: Array("no model".utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
    let version = try registry.add(parts, version: "1", statement).version
    _ = try registry.promote(version, salt: String(repeating: "5a", count: 16), statement)
    let served = try ServedVersions(folder)
    let damaged = Self.status { _ = try served.models }
    #expect(damaged?.0 == 65 && damaged?.1.contains("model.safetensors") == true)
  }

  @Test func theLimitOfOpenFilesIsRaised() {
    let limit = OpenFiles.raise()
    #expect(limit >= 256 && OpenFiles.raise() == limit)
  }

  /// A slip in the text would leave every model without a price.
  @Test func shippedPricesCanBeRead() throws {
    let read = try PriceCatalogue(json: Array(PriceCatalogue.shippedJSON.utf8))
    #expect(read.prices.count > 15 && read.prices.count == PriceCatalogue.shipped.prices.count)
    for (model, price) in read.prices {
      let (input, output) = (try #require(price.input), try #require(price.output))
      #expect((0...1e-4).contains(input) && (0...1e-3).contains(output), "\(model)")
      #expect(output == 0 || output >= input, "\(model)")
    }
  }
}
