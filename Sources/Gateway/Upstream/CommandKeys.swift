package import ChatProtocols
package import GatewayCore
import NIOPosix
import Programs
import Synchronization

/// The credentials that a program prints, as long as they are good.
///
/// They are fetched ahead of their end, off the path of requests: only where none are good does a request wait. One run at a
/// time; after a run that failed there is a pause. Nothing that a program prints is logged.
package final class CommandKeys: Sendable {
  /// Why there are no credentials; a short reason of the gateway's own words.
  package struct Fault: Error, Sendable, Hashable {
    package var reason: String
    /// How long until the program is run again.
    package var retrySeconds: Double
  }

  /// What a run of the program gives: what it printed, or why that is nothing.
  package typealias Run = @Sendable (KeyCommand) async -> Result<[UInt8], Fault>

  /// How long to wait after a run that failed, and before credentials that a provider refused are fetched anew.
  package static let pauseSeconds = 30.0

  private let command: KeyCommand
  /// Parts of the credentials that the configuration has.
  private let parts: [String: String]
  private let isComplete: @Sendable (Credentials) -> Bool
  private let clock: GatewayClock
  private let run: Run
  private let onFault: @Sendable (Fault) -> Void
  private let state = Mutex(State())

  private struct State {
    var credentials: Credentials?
    /// When they end, and from when on they are to be fetched anew; in seconds of the steady clock.
    var endsAt = -Double.infinity
    var renewsAt = -Double.infinity
    var running: Task<Result<Credentials, Fault>, Never>?
    var ranAt = -Double.infinity
    /// Before this no run begins.
    var pausesUntil = -Double.infinity
    var fault: Fault?
  }

  package init(
    _ command: KeyCommand, parts: [String: String] = [:], clock: GatewayClock,
    isComplete: @escaping @Sendable (Credentials) -> Bool = { _ in true }, run: @escaping Run = CommandKeys.runProgram,
    onFault: @escaping @Sendable (Fault) -> Void = { _ in }
  ) {
    self.command = command
    self.parts = parts
    self.isComplete = isComplete
    self.clock = clock
    self.run = run
    self.onFault = onFault
  }

  /// The credentials that are good now. Waits for the program only where none are.
  package func current() async throws(Fault) -> Credentials {
    let now = clock.steadySeconds()
    let step: Step = state.withLock { state in
      if let credentials = state.credentials, now < state.endsAt {
        if now >= state.renewsAt { _ = start(&state, now) }
        return .ready(credentials)
      }
      if let task = state.running { return .wait(task) }
      if let task = start(&state, now) { return .wait(task) }
      let fault = state.fault ?? Fault(reason: "key_command refused", retrySeconds: 0)
      return .refused(Fault(reason: fault.reason, retrySeconds: max(0, state.pausesUntil - now)))
    }
    switch step {
    case .ready(let credentials): return credentials
    case .wait(let task): return try await task.value.get()
    case .refused(let fault): throw fault
    }
  }

  private enum Step {
    case ready(Credentials)
    case wait(Task<Result<Credentials, Fault>, Never>)
    case refused(Fault)
  }

  /// Fetches credentials ahead of their end, where that is near or there are none.
  package func renew() {
    let now = clock.steadySeconds()
    state.withLock { state in
      if now >= state.renewsAt { _ = start(&state, now) }
    }
  }

  /// Forgets credentials that the provider refused: the next request gets others, unless these were fetched just now.
  package func forget(_ credentials: Credentials?) {
    state.withLock { state in
      guard state.credentials != nil, state.credentials == credentials else { return }
      state.credentials = nil
      state.renewsAt = -.infinity
      state.pausesUntil = state.ranAt + Self.pauseSeconds
      state.fault = Fault(reason: "the provider refused what key_command printed", retrySeconds: Self.pauseSeconds)
    }
  }

  /// Begins a run, unless one runs or a pause holds.
  private func start(_ state: inout State, _ now: Double) -> Task<Result<Credentials, Fault>, Never>? {
    guard state.running == nil, now >= state.pausesUntil else { return nil }
    let task = Task { await self.fetch() }
    state.running = task
    return task
  }

  private func fetch() async -> Result<Credentials, Fault> {
    let result = await run(command).flatMap { (output: [UInt8]) -> Result<PrintedKey, Fault> in
      guard var printed = PrintedKey(output, now: clock.unixSeconds()) else {
        return .failure(Self.fault("printed no key"))
      }
      printed.credentials.others.merge(parts) { printed, _ in printed }
      guard isComplete(printed.credentials) else {
        return .failure(Self.fault("printed a key without its other parts"))
      }
      guard printed.lifetimeSeconds ?? 1 > 0 else { return .failure(Self.fault("printed a key that is over")) }
      return .success(printed)
    }
    let now = clock.steadySeconds()
    state.withLock { state in
      state.running = nil
      state.ranAt = now
      switch result {
      case .success(let printed):
        let lifetime = printed.lifetimeSeconds ?? command.timeToLiveSeconds
        state.credentials = printed.credentials
        state.endsAt = now + lifetime
        state.renewsAt = state.endsAt - min(300, lifetime / 5)
        state.fault = nil
      case .failure(let fault):
        state.fault = fault
        state.pausesUntil = now + Self.pauseSeconds
      }
    }
    if case .failure(let fault) = result { onFault(fault) }
    return result.map(\.credentials)
  }

  private static func fault(_ reason: String) -> Fault {
    Fault(reason: "key_command " + reason, retrySeconds: pauseSeconds)
  }

  /// Runs the program on a thread that may wait.
  package static let runProgram: Run = { command in
    let program = Program(
      arguments: command.arguments, timeLimitSeconds: command.timeLimitSeconds, variables: command.variables)
    guard let program else { return .failure(fault("is empty")) }
    let ran = try? await NIOThreadPool.singleton.runIfActive {
      Result { () throws(ProgramNotStarted) in try program.run(maximumOutputBytes: KeyCommand.maximumOutputBytes) }
    }
    guard case .success(let (ending, output))? = ran else { return .failure(fault("could not be started")) }
    if ending == .timedOut { return .failure(fault("took longer than its limit")) }
    guard let output else { return .failure(fault("printed more than \(KeyCommand.maximumOutputBytes) bytes")) }
    if case .failed(let status) = ending { return .failure(fault("ended with status \(status)")) }
    return .success(output)
  }
}
