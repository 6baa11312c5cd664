import Foundation
import Synchronization
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Keys that a program prints: when it is run, what of it is believed, and what happens where it fails.
@Suite(.timeLimit(.minutes(20)))
struct CommandKeysTests {
  /// A program that prints what the test says next, and counts its runs.
  private final class Printer: Sendable {
    private let outputs: Mutex<[Result<[UInt8], CommandKeys.Fault>]>
    private let count = Mutex(0)

    init(_ outputs: [Result<[UInt8], CommandKeys.Fault>]) { self.outputs = Mutex(outputs) }

    var runs: Int { count.withLock { $0 } }

    func print() -> Result<[UInt8], CommandKeys.Fault> {
      count.withLock { $0 += 1 }
      return outputs.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
  }

  private static func token(_ name: String, _ seconds: Int) -> Result<[UInt8], CommandKeys.Fault> {
    .success(Array(#"{"token":"\#(name)","expires_in":\#(seconds)}"#.utf8))
  }

  private static let failure: Result<[UInt8], CommandKeys.Fault> = .failure(
    CommandKeys.Fault(reason: "key_command ended with status 3", retrySeconds: 30))

  private func keys(_ printer: Printer, _ clock: ManualClock, parts: [String: String] = [:]) -> CommandKeys {
    CommandKeys(KeyCommand(arguments: ["x"]), parts: parts, clock: clock.clock, run: { _ in printer.print() })
  }

  /// Waits for a run in the background to end: another thread does it.
  private func settled(_ isDone: @Sendable () async -> Bool) async {
    while !(await isDone()) { await Task.yield() }
  }

  @Test func oneRunServesManyRequestsUntilItEnds() async throws {
    let (clock, printer) = (ManualClock(), Printer([Self.token("a", 1000), Self.token("b", 1000)]))
    let keys = keys(printer, clock, parts: ["region": "r"])
    let all = try await withThrowingTaskGroup(of: Credentials.self) { group in
      for _ in 0..<20 { group.addTask { try await keys.current() } }
      return try await group.reduce(into: Set<Credentials>()) { $0.insert($1) }
    }
    #expect(all == [Credentials(key: "a", others: ["region": "r"])])
    #expect(printer.runs == 1)
    clock.advance(by: 700)
    #expect(try await keys.current().key == "a" && printer.runs == 1)
    // Near its end the old one is given out at once, and the next is fetched beside.
    clock.advance(by: 120)
    #expect(try await keys.current().key == "a")
    await settled { (try? await keys.current().key) == "b" }
    #expect(printer.runs == 2)
    clock.advance(by: 2000)
    #expect(try await keys.current().key == "b" && printer.runs == 3)
  }

  @Test func housekeepingFetchesBeforeAnyRequestDoes() async throws {
    let (clock, printer) = (ManualClock(), Printer([Self.token("a", 1000)]))
    let keys = keys(printer, clock)
    for _ in 0..<10 { keys.renew() }
    await settled { printer.runs == 1 }
    #expect(try await keys.current().key == "a")
    for _ in 0..<10 { keys.renew() }
    #expect(printer.runs == 1)
  }

  @Test func afterAFailureThereIsAPause() async throws {
    let (clock, printer) = (ManualClock(), Printer([Self.failure, Self.token("a", 1000)]))
    let keys = keys(printer, clock)
    for (pause, rest) in [(0, 30), (0, 30), (10, 20)] as [(Double, Double)] {
      clock.advance(by: pause)
      let fault = await #expect(throws: CommandKeys.Fault.self) { try await keys.current() }
      #expect(fault?.reason == "key_command ended with status 3")
      #expect(fault?.retrySeconds == rest)
    }
    #expect(printer.runs == 1)
    clock.advance(by: 30)
    #expect(try await keys.current().key == "a")
  }

  @Test func whatAProviderRefusesIsFetchedAnewButNotAtOnce() async throws {
    let (clock, printer) = (ManualClock(), Printer([Self.token("a", 1000), Self.token("b", 1000)]))
    let command = keys(printer, clock)
    let keys = ProviderKeys(command)
    try await keys.prepare()
    let first = try #require(keys.next(at: clock.clock.steadySeconds()))
    #expect(first.credentials?.key == "a")
    keys.rest(first, until: clock.clock.steadySeconds() + 300)
    let failure = await #expect(throws: UpstreamFailure.self) { try await keys.prepare() }
    #expect(failure?.kind == .keyRefused && failure?.kind.scope == .key)
    clock.advance(by: 31)
    try await keys.prepare()
    #expect(keys.next(at: clock.clock.steadySeconds())?.credentials?.key == "b")
    #expect(printer.runs == 2)
  }

  @Test(arguments: [
    ("tok.en-1\n", "tok.en-1", nil), (#" {"token":"t","expires_in":60} "#, "t", 60), (#"{"token":"t"}"#, "t", nil),
    (#"{"access_token":"t","expires_in":"60"}"#, "t", 60), (#"{"accessToken":"t","expires_on":1060}"#, "t", 60),
    (#"{"token":"t","expiration":"1970-01-01T00:17:40Z"}"#, "t", 60),
    (#"{"AccessKeyId":"t","SecretAccessKey":"s","Expiration":"1970-01-01T02:17:40+02:00"}"#, "t", 60),
    ("", nil, nil), (" \n", nil, nil), ("two words", nil, nil), ("two\nlines", nil, nil), ("{", nil, nil),
    (#"{"token":5}"#, nil, nil), (#"{"token":""}"#, nil, nil), (#"{"token":"a\nb"}"#, nil, nil), ("tök", nil, nil),
    (#"{"AccessKeyId":"t","SecretAccessKey":"a b"}"#, nil, nil),
  ])
  func printedKeysAreReadStrictly(_ output: String, _ key: String?, _ lifetime: Double?) {
    let printed = PrintedKey(Array(output.utf8), now: 1000)
    #expect(printed?.credentials.key == key)
    #expect(printed?.lifetimeSeconds == lifetime)
    if output.contains("SecretAccessKey"), let printed { #expect(printed.credentials.others == ["secret": "s"]) }
  }

  // MARK: Real programs

  private func run(_ arguments: String..., limit: Double = 600, variables: [String] = []) async -> String {
    var command = KeyCommand(arguments: arguments)
    command.timeLimitSeconds = limit
    command.variables = variables
    switch await CommandKeys.runProgram(command) {
    case .success(let output): return String(decoding: output, as: UTF8.self)
    case .failure(let fault): return "fault: " + fault.reason
    }
  }

  @Test func programsRunWithoutAShellAndWithLittleEnvironment() async {
    #expect(await run("echo", "a  $HOME;b") == "a  $HOME;b\n")
    _ = unsafe setenv("OCKHAM_TEST_SECRET", "hidden", 1)
    let script = #"printf '[%s]' "${OCKHAM_TEST_SECRET-}""#
    #expect(await run("sh", "-c", script) == "[]")
    #expect(await run("sh", "-c", script, variables: ["OCKHAM_TEST_SECRET"]) == "[hidden]")
  }

  @Test func programsThatFailAreFaultsWithoutTheirWords() async {
    #expect(await run("sh", "-c", "echo secret; echo secret >&2; exit 3") == "fault: key_command ended with status 3")
    #expect(await run("/no/such/program") == "fault: key_command could not be started")
    #expect(await run("sleep", "600", limit: 0.2) == "fault: key_command took longer than its limit")
    #expect(await run("yes") == "fault: key_command printed more than 65536 bytes")
    #expect(await run("true") == "")
  }

  /// One target's program fails: the other target answers, also at once the second time; nothing of the program is told.
  @Test func aFailingProgramRestsItsTargetAlone() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      request.values(of: "authorization") == ["Bearer tok"] ? [FaultUpstream.completion("hi")] : [.close]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL, upstream.baseURL)
    configuration.providers["p0"]?.keyCommand = KeyCommand(arguments: ["sh", "-c", "echo not-a-key; exit 9"])
    configuration.providers["p1"]?.keyCommand = KeyCommand(arguments: ["echo", "tok"])
    let gateway = try await TestGateway.start(configuration)
    for _ in 0..<3 {
      let seen = try await gateway.chat()
      #expect(seen.status == 200)
      #expect(seen.headers["x-ockham-target"] ?? "t1" == "t1")
    }
    #expect(upstream.requests.count == 3)
    let alone = try await gateway.chat(model: "t0")
    #expect(alone.status == 502 && !alone.text.contains("not-a-key"))
    gateway.stop()
    await upstream.stop()
  }
}
