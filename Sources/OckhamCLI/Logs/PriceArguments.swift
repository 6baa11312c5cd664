import ArgumentParser
import Foundation
import RequestLog

/// What tokens cost: gives answers of known length their dollars where the log contains none.
struct PriceArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a tier's tokens cost in USD per million, for answers without cost_usd; repeat for each.",
      valueName: "tier=input,output"))
  var price: [String] = []

  @Option(
    help: "Prices by model, in the form of LiteLLM's model_prices_and_context_window.json; --price comes first.",
    completion: .file(extensions: ["json"]))
  var prices: String?

  @Option(help: ArgumentHelp("The length of answers that the log does not contain, for prices.", valueName: "tokens"))
  var answerTokens: Int?

  func validate() throws {
    if let answerTokens {
      guard answerTokens > 0 else {
        throw ValidationError("--answer-tokens: expected a number above 0, found \(answerTokens)")
      }
      guard !price.isEmpty || prices != nil else {
        throw ValidationError("--answer-tokens: expected --price or --prices beside it, found neither")
      }
    }
    var list = PriceList()
    do { for flag in price { try list.add(flag: flag) } } catch { throw ValidationError("\(error)") }
  }

  /// The prices that the options name; `nil` without any.
  /// - Throws: ``Failure`` for a file that is not there, `PriceListError` for one without prices.
  var list: PriceList? {
    get throws {
      guard !price.isEmpty || prices != nil else { return nil }
      var list = PriceList(assumedOutputTokens: answerTokens)
      for flag in price { try list.add(flag: flag) }
      if let prices {
        guard let data = FileManager.default.contents(atPath: prices) else {
          throw Failure.missingInput("\(prices): no such price file; check the path and its permissions")
        }
        try list.add(file: [UInt8](data), path: prices)
      }
      return list
    }
  }
}
