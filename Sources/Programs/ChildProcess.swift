import Foundation

/// A program in a process group of its own, so that it can be ended with everything it started.
@safe struct ChildProcess {
  private let identifier: pid_t
  /// The reading end of what it prints; -1 without one.
  private let output: Int32

  /// Starts a program without a shell; standard streams lead to `/dev/null`, but for what it prints where that is asked for.
  /// - Precondition: `words` is not empty.
  init(_ words: [String], environment: [String], printsBack: Bool) throws(ProgramNotStarted) {
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
    var ends: [Int32] = [-1, -1]
    if printsBack {
      guard unsafe pipe(&ends) == 0 else {
        throw ProgramNotStarted(program: words[0], reason: unsafe String(cString: strerror(errno)))
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    }
    defer { if printsBack { close(ends[1]) } }
    let arguments = CStringArray(words)
    let variables = CStringArray(environment)
    var identifier = pid_t()
    let status = unsafe posix_spawnp(
      &identifier, words[0], &actions, &attributes, arguments.pointers, variables.pointers)
    guard status == 0 else {
      if printsBack { close(ends[0]) }
      throw ProgramNotStarted(program: words[0], reason: unsafe String(cString: strerror(status)))
    }
    self.identifier = identifier
    output = ends[0]
    if printsBack { _ = fcntl(output, F_SETFL, O_NONBLOCK) }
  }

  /// Waits for the end; past a limit the whole group is killed. Nothing of the group is left afterwards.
  func wait(seconds: Double, maximumOutputBytes: Int) -> (ending: Program.Ending, output: [UInt8]?) {
    defer { if output >= 0 { close(output) } }
    let deadline = ContinuousClock.now + .seconds(seconds)
    var printed: [UInt8] = []
    var pause: UInt32 = 200
    while !hasEnded {
      read(into: &printed, maximum: maximumOutputBytes)
      guard printed.count <= maximumOutputBytes else { return (.failed(status: reap()), nil) }
      if ContinuousClock.now >= deadline {
        _ = reap()
        return (.timedOut, [])
      }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
    let status = reap()
    read(into: &printed, maximum: maximumOutputBytes)
    return (
      status == 0 ? .passed : .failed(status: status), printed.count <= maximumOutputBytes ? printed : nil
    )
  }

  /// Takes what was printed and not read yet, up to one byte more than may be.
  private func read(into printed: inout [UInt8], maximum: Int) {
    guard output >= 0 else { return }
    var part = [UInt8](repeating: 0, count: 4096)
    while printed.count <= maximum {
      let count = unsafe part.withUnsafeMutableBytes { unsafe Foundation.read(output, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      printed.append(contentsOf: part.prefix(min(count, maximum + 1 - printed.count)))
    }
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
