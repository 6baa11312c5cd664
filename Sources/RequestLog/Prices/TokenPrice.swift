/// What a model's tokens cost.
package struct TokenPrice: Sendable, Hashable {
  /// US dollars per million tokens of the request; at least 0.
  package var inputUSDPerMillion: Double
  /// US dollars per million tokens of the answer; at least 0.
  package var outputUSDPerMillion: Double

  package init(inputUSDPerMillion: Double, outputUSDPerMillion: Double) {
    self.inputUSDPerMillion = inputUSDPerMillion
    self.outputUSDPerMillion = outputUSDPerMillion
  }

  /// Reads `INPUT,OUTPUT`; `nil` for anything but two finite numbers of at least 0.
  package init?(_ text: some StringProtocol) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double(String($0)) }
    guard numbers.count == 2, let input = numbers[0], let output = numbers[1] else { return nil }
    guard input >= 0, output >= 0, input.isFinite, output.isFinite else { return nil }
    self.init(inputUSDPerMillion: input, outputUSDPerMillion: output)
  }

  /// (input · input price + output · output price) / 10⁶, in US dollars.
  package func costUSD(inputTokens: Int, outputTokens: Int) -> Double {
    (Double(inputTokens) * inputUSDPerMillion + Double(outputTokens) * outputUSDPerMillion) / 1e6
  }
}
