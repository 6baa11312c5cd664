import ArgumentParser
import Foundation
import Gateway
import GatewayCore
import Logging
import Ockham

/// The gateway's command line.
@main
struct OckhamServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ockham-gateway",
    abstract: "An OpenAI-compatible proxy that sends each request to the cheapest tier that will get it right.",
    discussion: """
      Try it without a key, and point any OpenAI client at it:

        ockham-gateway --demo
        curl http://127.0.0.1:8080/v1/chat/completions -H 'content-type: application/json' \\
          -d '{"model":"auto","messages":[{"role":"user","content":"What is 2 + 2?"}]}'

      For real work, write a configuration, check it, and start:

        ockham-gateway --config gateway.yaml --check
        ockham-gateway --config gateway.yaml

      From LiteLLM's configuration, with what could not be carried over on standard error:

        ockham-gateway --from-litellm config.yaml --output gateway.yaml

      Forget what the log keeps of a conversation (its name in the log, or the id of a request of it) or of a key:

        ockham-gateway --config gateway.yaml --forget-conversation 5f2d9c3a7b1e4d60
        ockham-gateway --config gateway.yaml --forget-key interns

      Sum up the log for the operator's page anew, also beside a gateway that runs:

        ockham-gateway --config gateway.yaml --rebuild-cells

      SIGHUP reads configuration, prices and model anew; SIGTERM finishes what is in progress and ends.
      Exit codes: 0 done, 1 failure, 64 usage, 65 bad configuration or model, 66 missing input, 74 input or output error.
      """,
    version: OckhamVersion.text)

  @Option(help: ArgumentHelp("The configuration, in YAML.", valueName: "file"))
  var config: String?

  @Flag(help: "Check the configuration and everything that it names, say what is wrong, and end.")
  var check = false

  @Flag(help: "Serve three made-up tiers on loopback, with two weeks of made-up traffic to look at.")
  var demo = false

  @Option(help: ArgumentHelp("Where to listen, instead of what the configuration says.", valueName: "host:port"))
  var listen: String?

  @Option(help: ArgumentHelp("The model that scores, instead of what the configuration says.", valueName: "folder"))
  var model: String?

  @Option(
    help: ArgumentHelp("What to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"))
  var logLevel = "info"

  @Flag(help: "Serve beyond this machine without keys: anyone who reaches the address may spend.")
  var insecure = false

  @Flag(help: "Make a virtual key: print it once, and the hash that belongs into the configuration.")
  var newKey = false

  @Option(
    name: .customLong("from-litellm"),
    help: ArgumentHelp("Write this gateway's configuration from LiteLLM's, and end.", valueName: "file"))
  var fromLiteLLM: String?

  @Option(help: ArgumentHelp("Where --from-litellm writes to, instead of standard output.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Delete what the log keeps of a conversation, also beside a gateway that runs, and end.", valueName: "id"))
  var forgetConversation: String?

  @Option(
    help: ArgumentHelp("Delete what the log keeps of a virtual key's requests, and end.", valueName: "name"))
  var forgetKey: String?

  @Flag(help: "Make the hourly sums of the log anew from its requests, and end.")
  var rebuildCells = false

  /// Of rehearsals such as Tests/Loop, in which days pass in seconds.
  @Option(help: .hidden) var clockSpeed: Double?
  @Option(help: .hidden) var clockEpoch: Double?

  func validate() throws {
    if let clockSpeed, !(clockSpeed > 0 && clockSpeed <= 1e6 && clockEpoch?.isFinite == true) {
      throw ValidationError(
        "--clock-speed: expected a number above 0 and at most 1000000, with --clock-epoch beside it")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level: expected \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    if output != nil, fromLiteLLM == nil {
      throw ValidationError("--output: expected --from-litellm FILE with it; nothing else is written")
    }
    guard !newKey else { return }
    if forgetConversation != nil || forgetKey != nil {
      guard config != nil, !demo, !check, fromLiteLLM == nil, forgetConversation == nil || forgetKey == nil else {
        throw ValidationError(
          "--forget-conversation, --forget-key: expected one of them, with --config FILE and nothing else to do")
      }
    }
    if rebuildCells {
      guard config != nil, !demo, !check, fromLiteLLM == nil, forgetConversation == nil, forgetKey == nil else {
        throw ValidationError("--rebuild-cells: expected --config FILE with it, and nothing else to do")
      }
    }
    if fromLiteLLM != nil {
      guard !demo, config == nil, !check else {
        throw ValidationError("--from-litellm: expected no --config, --demo or --check with it; check the result after")
      }
      return
    }
    guard demo != (config != nil) else {
      throw ValidationError("expected --config FILE or --demo, found \(demo ? "both" : "neither"); choose one")
    }
    if check && demo { throw ValidationError("--check: expected --config FILE with it; --demo has nothing to check") }
  }

  func run() async throws {
    if newKey { return print(VirtualKey.make().description) }
    if let fromLiteLLM { return try Self.convert(fromLiteLLM, to: output) }
    var options = GatewayOptions(
      configurationPath: config, listen: try listen.map(Self.address), modelPath: model,
      logLevel: Logger.Level(rawValue: logLevel) ?? .info, isInsecure: insecure,
      environment: ProcessInfo.processInfo.environment, program: Bundle.main.executableURL)
    if let clockSpeed, let clockEpoch { options.clock = .fast(by: clockSpeed, since: clockEpoch) }
    do {
      if let name = forgetConversation.map(ForgottenName.conversation) ?? forgetKey.map(ForgottenName.key) {
        return print(try Application.forget(name, options))
      }
      if rebuildCells { return print(try Application.rebuildCells(options)) }
      if check { return print(try Application.check(options)) }
      try await Application.run(options)
    } catch let failure as StartFailure {
      FileHandle.standardError.write(Data("\(failure)\n".utf8))
      throw ExitCode(failure.exitStatus)
    }
  }

  /// Writes the configuration that LiteLLM's becomes; what could not be carried over goes to standard error.
  private static func convert(_ path: String, to output: String?) throws {
    let environment = ProcessInfo.processInfo.environment
    do throws(StartFailure) {
      let conversion = try Application.fromLiteLLM(path, to: output, environment: environment)
      for note in conversion.notes { FileHandle.standardError.write(Data("\(path): \(note)\n".utf8)) }
      if output == nil { print(conversion.yaml, terminator: "") }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      throw ExitCode(error.exitStatus)
    }
  }

  private static func address(_ text: String) throws -> ListenAddress {
    guard let address = ListenAddress(text) else {
      throw ValidationError("--listen: expected host:port such as 127.0.0.1:8080, found another text")
    }
    return address
  }
}
