/// What of a request runs at one provider's own servers: searches of the web, code interpreters, connectors.
///
/// Every other provider is asked without it: the chat that stands for the request has none of it. Whether it may be is a
/// ``HostedToolRule``. A search of the web is apart: several providers have one (``WebSearch``).
package struct HostedTools: Sendable {
  /// The kinds, as the client's format names them, each once: `web_search_20250305`. Texts of clients.
  package private(set) var names: [String] = []

  /// What a client is told that is not to be answered without what is no search; `nil` where all of that may go unasked.
  package private(set) var problem: GatewayError?

  /// The names of what belongs to a search.
  package private(set) var searchNames: Set<String> = []

  /// The search that is asked for; `nil` where none is, though an earlier one may have left its traces.
  package private(set) var search: WebSearch?

  /// What a client is told where no search can be made; `nil` where it may go unasked, as the searches that agents send along.
  package private(set) var searchProblem: GatewayError?

  package init() {}

  /// Adds a kind.
  /// - Parameter problem: `nil` where it may go unasked.
  package mutating func note(_ name: String, _ problem: GatewayError?) {
    if !names.contains(name) { names.append(name) }
    if self.problem == nil { self.problem = problem }
  }

  /// Adds what belongs to a search.
  ///
  /// - Parameters:
  ///   - search: the search where it is asked for; `nil` for what an earlier one left. The first one counts.
  ///   - problem: `nil` where it may go unasked.
  package mutating func noteSearch(_ name: String, search: WebSearch?, problem: GatewayError?) {
    note(name, nil)
    searchNames.insert(name)
    if self.search == nil { self.search = search }
    if searchProblem == nil { searchProblem = problem }
  }

  /// Says that the model must search.
  mutating func demandSearch() { search?.isDemanded = true }
}

/// What becomes of hosted tools where a target has none.
package enum HostedToolRule: String, Sendable, Hashable, CaseIterable {
  /// The targets that have them answer; the others are skipped.
  case keep
  /// The targets that have them get them, the others are asked without.
  case drop
  /// Requests with them are refused, whatever the target.
  case refuse
}
