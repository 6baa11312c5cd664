package import Ockham
import TextKit

extension TierSelection {
  /// The tiers that somebody names, in any order.
  ///
  /// - Throws: ``WorkflowError/usage(_:)`` for a tier that the model does not have or that is named twice, and for fewer than
  ///   two.
  package init(given names: [String], of model: Model) throws(WorkflowError) {
    let known = model.tierNames
    func fail(_ found: String) -> WorkflowError {
      .usage("--tiers: expected two or more of the model's tiers \(SafeText.names(known)), found \(found)")
    }
    for name in names where !known.contains(name) { throw fail("'\(SafeText.name(name))'; check the spelling") }
    guard Set(names).count == names.count else { throw fail("one of them twice; name each once") }
    guard names.count >= TierCount.range.lowerBound else { throw fail("\(names.count); name another") }
    self.init(places: known.indices.filter { names.contains(known[$0]) }, of: model)
  }
}
