#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the learning rate goes on after warm-up.
package enum LearningRateSchedule: String, Sendable, CaseIterable {
  /// It stays.
  case constant
  /// It falls to 0 along half a cosine, reached after the last update of the last epoch.
  case cosine

  /// The factor on the learning rate for one update.
  ///
  /// - Parameters:
  ///   - update: from 0.
  ///   - warmup: the updates over which the factor rises: (update + 1) / warmup.
  ///   - total: all updates of all epochs.
  func factor(update: Int, warmup: Int, total: Int) -> Float {
    if update < warmup { return Float(update + 1) / Float(warmup) }
    guard self == .cosine, total > warmup else { return 1 }
    let share = Double(min(update, total) - warmup) / Double(total - warmup)
    return Float(0.5 * (1 + cos(.pi * share)))
  }
}
