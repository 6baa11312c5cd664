package import ChatProtocols
import Synchronization

/// The keys of one provider, and which of them work.
///
/// The first usable one is taken, so that prompt caches, which providers keep per account, stay warm. A refused key is
/// left alone for a while and tried again later: accounts are mended without the gateway being told.
package final class ProviderKeys: Sendable {
  /// A key to send.
  package struct Key: Sendable {
    /// The place among the provider's keys, from 0: names the key where its secret must not stand.
    package let index: Int
    /// What proves who asks; `nil` for a provider without keys.
    package let credentials: Credentials?
  }

  /// How long a key cools down that was refused (401, 403), or whose credit is used up (402), in seconds.
  package static let refusedSeconds = 300.0

  /// What prints the one key, where a program does.
  package let command: CommandKeys?

  private struct State {
    var all: [Credentials?]
    var restsUntil: [Double]

    init(_ all: [Credentials?]) {
      self.all = all
      restsUntil = [Double](repeating: -.infinity, count: all.count)
    }
  }

  private let state: Mutex<State>

  /// - Parameter credentials: in the order in which they are to be used; empty for a provider without keys.
  package init(_ credentials: [Credentials]) {
    command = nil
    state = Mutex(State(credentials.isEmpty ? [nil] : credentials))
  }

  /// One key, which a program prints.
  package init(_ command: CommandKeys) {
    self.command = command
    state = Mutex(State([nil]))
  }

  /// Whether these are the keys, and no program prints them.
  func are(_ credentials: [Credentials]) -> Bool {
    command == nil && state.withLock { $0.all } == (credentials.isEmpty ? [nil] : credentials.map(Optional.some))
  }

  /// Makes sure of the key that a program prints; needed before ``next(at:excluding:)``.
  /// - Throws: of the scope of a key, where there is none.
  package func prepare() async throws(UpstreamFailure) {
    guard let command else { return }
    do {
      let credentials = try await command.current()
      state.withLock { state in
        // Another key need not rest for what the one before it did.
        if state.all != [credentials] { state = State([credentials]) }
      }
    } catch {
      throw UpstreamFailure(.keyRefused, retryAfterSeconds: error.retrySeconds, reason: error.reason)
    }
  }

  /// The first key that does not rest and was not tried yet; where all rest, `nil`.
  package func next(at now: Double, excluding tried: Set<Int> = []) -> Key? {
    state.withLock { state in
      state.all.indices.first { !tried.contains($0) && state.restsUntil[$0] <= now }
        .map { Key(index: $0, credentials: state.all[$0]) }
    }
  }

  /// Lets a key cool down.
  package func rest(_ key: Key, until time: Double) {
    command?.forget(key.credentials)
    state.withLock { state in
      guard state.all[key.index] == key.credentials else { return }
      state.restsUntil[key.index] = max(state.restsUntil[key.index], time)
    }
  }

  /// Seconds until the first key is usable; 0 when one is.
  package func waitSeconds(at now: Double) -> Double {
    state.withLock { max(0, ($0.restsUntil.min() ?? now) - now) }
  }
}
