import Ockham

/// A step of a gateway, in the form that Swift servers share: it takes a request, may change it, and calls the next step.
protocol Middleware {
  func handle(_ call: ChatCall, next: @Sendable (ChatCall) async throws -> String) async throws -> String
}

/// A chat completion inside a gateway.
struct ChatCall: Sendable {
  /// The model that the client asked for, until a middleware names another.
  var model: String
  var request: Request
  /// Why the model was chosen, for the response's headers and the log.
  var decision: Decision?
}

/// Replaces the made-up model `alias` by the model of the tier that the request needs.
///
/// One router serves all tasks: it lends scratches of its own pool, so that a decision allocates nothing and no task waits.
final class RoutingMiddleware: Middleware, Sendable {
  private let router: Router
  private let alias: String
  private let models: [String]

  /// - Parameter models: one per tier, cheapest first.
  init(router: Router, alias: String, models: [String]) {
    precondition(models.count == router.model.tierNames.count)
    (self.router, self.alias, self.models) = (router, alias, models)
  }

  func handle(_ call: ChatCall, next: @Sendable (ChatCall) async throws -> String) async throws -> String {
    guard call.model == alias else { return try await next(call) }
    var routed = call
    let decision = router.route(call.request)
    routed.model = models[decision.tier]
    routed.decision = decision
    return try await next(routed)
  }
}
