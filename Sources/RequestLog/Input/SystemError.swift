import Foundation

/// Words for the last error of the operating system.
enum SystemError {
  /// The text of `errno`, such as `Permission denied`.
  static var current: String { unsafe String(cString: strerror(errno)) }
}
