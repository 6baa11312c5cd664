/// What a model's tokens cost, found from what its answers took: cost = a·input + b·output, by least squares. Adding fits is adding
/// answers.
package struct PriceFit: Sendable, Hashable {
  package var count = 0
  private var inputSquare = 0.0
  private var product = 0.0
  private var outputSquare = 0.0
  private var inputCost = 0.0
  private var outputCost = 0.0
  private var costSquare = 0.0

  /// What is left unexplained of the dollars, as a share, above which there is no such price.
  package static let tolerance = 0.01

  package init() {}

  package init(
    count: Int, inputSquare: Double, product: Double, outputSquare: Double, inputCost: Double, outputCost: Double,
    costSquare: Double
  ) {
    (self.count, self.inputSquare, self.product) = (count, inputSquare, product)
    (self.outputSquare, self.inputCost) = (outputSquare, inputCost)
    (self.outputCost, self.costSquare) = (outputCost, costSquare)
  }

  /// Adds an answer that was paid in full: nothing of it came out of a cache.
  package mutating func add(inputTokens: Int, outputTokens: Int, costUSD: Double) {
    let (x, y) = (Double(inputTokens), Double(outputTokens))
    count += 1
    inputSquare += x * x
    product += x * y
    outputSquare += y * y
    inputCost += x * costUSD
    outputCost += y * costUSD
    costSquare += costUSD * costUSD
  }

  /// Dollars per token of input and output; `nil` where answers are too few or too alike to distinguish the two, and where they do not
  /// fit.
  package var price: (input: Double, output: Double)? {
    let determinant = inputSquare * outputSquare - product * product
    guard count >= 3, costSquare > 0, determinant > 1e-9 * inputSquare * outputSquare else { return nil }
    let input = (inputCost * outputSquare - outputCost * product) / determinant
    let output = (outputCost * inputSquare - inputCost * product) / determinant
    let left = costSquare - input * inputCost - output * outputCost
    let floor = -Self.tolerance * max(abs(input), abs(output))
    guard input >= floor, output >= floor, max(0, left) <= Self.tolerance * Self.tolerance * costSquare else {
      return nil
    }
    return (max(0, input), max(0, output))
  }
}
