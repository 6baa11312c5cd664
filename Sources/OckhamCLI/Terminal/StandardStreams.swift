import Foundation

/// The three streams that a program starts with, made fit to be written to.
enum StandardStreams {
  /// Makes writing to a reader that has gone an error like any other, instead of the end of the process; and takes the places
  /// of streams that were closed, so that no file that is opened later stands there and is written into.
  static func prepare() {
    // A handler instead of SIG_IGN: programs that are started inherit what is ignored.
    _ = signal(SIGPIPE) { _ in }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is taken: this one. Writing to it fails.
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }
}
