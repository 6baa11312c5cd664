import Foundation

/// A program in a process group of its own, so that it can be ended with everything it started.
@safe struct ChildProcess {
  private let identifier: pid_t

  /// Starts a program without a shell; standard streams lead to `/dev/null`.
  /// - Precondition: `words` is not empty.
  /// - Throws: ``LabelError/commandNotStarted(program:reason:)``.
  init(_ words: [String], environment: [String]) throws(LabelError) {
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for stream in 0...2 as ClosedRange<Int32> {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", stream == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    let arguments = CStringArray(words)
    let variables = CStringArray(environment)
    var identifier = pid_t()
    let status = unsafe posix_spawnp(
      &identifier, words[0], &actions, &attributes, arguments.pointers, variables.pointers)
    guard status == 0 else {
      throw .commandNotStarted(program: words[0], reason: unsafe String(cString: strerror(status)))
    }
    self.identifier = identifier
  }

  /// Waits for the end; past the limit the whole group is killed. Nothing of the group is left afterwards.
  func wait(seconds: Double) -> UnitTestCommand.Verdict {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var pause: UInt32 = 200
    while !hasEnded {
      if ContinuousClock.now >= deadline {
        _ = reap()
        return .timedOut
      }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
    let status = reap()
    return status == 0 ? .passed : .failed(status: status)
  }

  /// Whether the program has ended; it stays a zombie, so that its number is not taken by another.
  private var hasEnded: Bool {
    var information = unsafe siginfo_t()
    let result = unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT | WNOHANG)
    return unsafe result != 0 || information.si_signo != 0
  }

  /// Ends what is left of the group, and returns the exit status, or a signal's number below 0.
  private func reap() -> Int32 {
    kill(-identifier, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}

/// C strings that end in a null pointer, as `exec` wants them.
@safe private final class CStringArray {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    unsafe pointers = .allocate(capacity: count + 1)
    for (index, text) in texts.enumerated() { unsafe (pointers + index).initialize(to: strdup(text)) }
    unsafe (pointers + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(pointers[index]) }
    unsafe pointers.deallocate()
  }
}
