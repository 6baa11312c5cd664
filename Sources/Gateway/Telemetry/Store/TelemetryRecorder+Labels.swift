extension TelemetryRecorder {
  /// Takes what was learnt of a request that was recorded before; never waits. Answers are kept only where prompts are kept in full.
  ///
  /// - Returns: `false` where it is lost: there is no room, or a number is outside its range (then it counts as failed).
  @discardableResult
  package func label(_ label: ShadowLabel) -> Bool {
    guard label.isValid else {
      queue.withLock { $0.noteInvalid() }
      return false
    }
    let kept = settings.withLock { $0.prompts } == .full ? label : label.withoutTexts
    guard let call = queue.withLock({ $0.add(kept) }) else { return false }
    self.call(call)
    return true
  }

  /// What labels took of requests that came at a time, in seconds since 1970, and later; `nil` where the store cannot be read.
  package func labelSpending(since time: Double) async -> LabelSpending? {
    try? await store.labelSpending(since: time)
  }
}
