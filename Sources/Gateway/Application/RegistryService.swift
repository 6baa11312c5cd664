import Foundation
import ChatProtocols
import GatewayCore
import Logging
import Registry
import ServiceLifecycle

/// Follows a registry: what is promoted, rolled back or put under canary serves within a second, and no request is dropped for it.
///
/// A registry that cannot be read changes nothing: what serves goes on, and the log says why, once for each state.
struct RegistryService: Service {
  let gateway: SwappableGateway
  let logger: Logger

  private static let pauseSeconds = 0.1

  func run() async throws {
    let clock = gateway.shared.clock
    await cancelWhenGracefulShutdown {
      // What was promoted since the start read the pointer is not to be missed: the first look follows too.
      var followed: PointerStamp?
      while !Task.isCancelled {
        do { try await clock.sleep(Self.pauseSeconds) } catch { return }
        guard let path = gateway.runtime.configuration.registryPath, let stamp = PointerStamp(path), stamp != followed
        else { continue }
        followed = stamp
        do throws(GatewayError) { try await gateway.reload() } catch {
          logger.error("the registry's versions cannot serve, the earlier ones stay: \(error.message)")
        }
      }
    }
  }
}

/// Distinguishes one state of a registry's pointer from another, without reading it: each is a file of its own.
private struct PointerStamp: Equatable {
  private let file: UInt64
  private let changed: Date

  /// `nil` where nothing serves.
  init?(_ path: String) {
    let pointer = RegistryLayout(root: URL(filePath: path)).pointerFile
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: pointer.path),
      let file = attributes[.systemFileNumber] as? Int, let changed = attributes[.modificationDate] as? Date
    else { return nil }
    (self.file, self.changed) = (UInt64(file), changed)
  }
}
