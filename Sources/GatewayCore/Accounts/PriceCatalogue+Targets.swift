package import ChatProtocols
package import TextKit

extension PriceCatalogue {
  /// The price of a target; `nil` where none is known.
  ///
  /// A target that names its entry has that or none. The others are looked up as `provider/model`, by the provider's name
  /// and by its kind, and then as `model`.
  package func price(of target: TargetConfiguration, kind: ProviderKind?) -> Price? {
    if let name = target.priceName { return prices[name] }
    if let price = prices["\(target.provider)/\(target.model)"] { return price }
    if let kind, let price = prices["\(kind.rawValue)/\(target.model)"] { return price }
    // A model served by the operator does not cost the list price of the hosted model of the same name.
    return kind?.isInProcess == true ? nil : prices[target.model]
  }
}
