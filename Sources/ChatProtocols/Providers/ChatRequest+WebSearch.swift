import TextKit

extension ChatRequest {
  /// The search of the web that a provider is to make beside all else that the request asks; `nil` where none is asked for,
  /// or where it may go unasked and the provider has none.
  ///
  /// - Parameter model: the provider's name of the model.
  /// - Throws: ``GatewayError/Code/unsupportedFeature`` where the provider cannot make it, and it may not go unasked.
  func webSearch(by codec: some ProviderCodec, model: String) throws(GatewayError) -> WebSearch? {
    guard !hostedTools.searchNames.isEmpty else { return nil }
    if canSearch(codec, model) { return hostedTools.search }
    if !dropsHostedTools, let problem = hostedTools.searchProblem { throw problem }
    return nil
  }

  /// The hosted tools that a target of another format is asked without, by the client's names.
  ///
  /// - Parameter model: the provider's name of the model.
  package func hostedToolsLeftOut(by codec: any ProviderCodec, model: String) -> [String] {
    guard codec.apiFormat != apiFormat else { return [] }
    let isSearched = hostedTools.search != nil && canSearch(codec, model)
    return hostedTools.names.filter { !isSearched || !hostedTools.searchNames.contains($0) }
  }

  private func canSearch(_ codec: any ProviderCodec, _ model: String) -> Bool {
    let search = hostedTools.search ?? WebSearch()
    return !search.isOffline && codec.canSearch(search, for: self, model: model)
  }

  /// Whether a function of the request has a name.
  func hasFunction(_ name: String) -> Bool {
    chat["tools"]?.elements?.contains { $0["function"]?["name"]?.string == name } ?? false
  }
}
