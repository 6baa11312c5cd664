import ChatProtocols
import GatewayCore

/// The operator's page: what it knows beside the gateway, for as long as the process lives.
final class OperatorPage: Sendable {
  /// The longest body of an action.
  static let maximumBodyBytes = 1 << 20

  let gateway: SwappableGateway
  let sessions = PageSessions()
  let trials = KeyTrials()
  let recentRatings = RecentRatings()
  /// What actions must repeat where no key is asked for.
  let machineActionToken = PageSessions.makeToken()
  /// Views that take long to compute.
  let views: ViewCache

  init(_ gateway: SwappableGateway) {
    self.gateway = gateway
    views = ViewCache(clock: gateway.shared.clock)
  }

  /// Reads what views need ahead of the first visitor, as far as that takes long.
  func prepare() async {
    guard let store = gateway.shared.audit else { return }
    let names = gateway.runtime.tierNames
    for hours in PagePeriod.allCases.map(\.hours) {
      for back in [0, hours] {
        _ = try? await views.traffic(.init(hours: hours, hoursBack: back, tierNames: names), from: store)
      }
    }
  }

  /// Who may do what, by the configuration of this moment.
  func access(in runtime: ConfiguredGateway) -> PageAccess {
    PageAccess(
      runtime.configuration.admin ?? AdminConfiguration(),
      administratorsVariable: runtime.configuration.adminKeyVariable, environment: gateway.environment)
  }
}
