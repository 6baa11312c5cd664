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

  /// How long a key rests that was refused (401, 403), or whose credit is used up (402), in seconds.
  package static let refusedSeconds = 300.0

  private let all: [Credentials?]
  private let restsUntil: Mutex<[Double]>

  /// - Parameter credentials: in the order in which they are to be used; empty for a provider without keys.
  package init(_ credentials: [Credentials]) {
    all = credentials.isEmpty ? [nil] : credentials
    restsUntil = Mutex([Double](repeating: -.infinity, count: max(1, credentials.count)))
  }

  /// Whether these are the keys.
  func are(_ credentials: [Credentials]) -> Bool {
    all == (credentials.isEmpty ? [nil] : credentials.map(Optional.some))
  }

  /// The first key that does not rest and was not tried yet; where all rest, `nil`.
  package func next(at now: Double, excluding tried: Set<Int> = []) -> Key? {
    restsUntil.withLock { restsUntil in
      all.indices.first { !tried.contains($0) && restsUntil[$0] <= now }
    }.map { Key(index: $0, credentials: all[$0]) }
  }

  /// Lets a key rest.
  package func rest(_ key: Key, until time: Double) {
    restsUntil.withLock { $0[key.index] = max($0[key.index], time) }
  }

  /// Seconds until the first key is usable; 0 when one is.
  package func waitSeconds(at now: Double) -> Double {
    restsUntil.withLock { max(0, ($0.min() ?? now) - now) }
  }
}
