import Labelling
import Ockham
import RequestLog
import TextKit
import Workflow

/// How unsure a model is of the quality difference that asking would show.
final class UncertainDifference {
  private let model: Model
  private var scratch: Scratch
  private var decoder: LineDecoder
  /// The tiers that are asked, by their places in the model.
  private let asked: [Int]

  /// - Throws: ``Failure`` where a tier is not one of the model's.
  init(_ path: String, tiers: [String]) throws {
    let model = try ModelFolder(path).model
    asked = try tiers.map { tier in
      guard let place = model.tierNames.firstIndex(of: tier) else {
        throw Failure(
          message:
            "--ask: expected the model's tiers \(SafeText.names(model.tierNames)), found another; name the tiers as "
            + "the model does",
          code: .validationFailure)
      }
      return place
    }
    self.model = model
    scratch = model.makeScratch()
    decoder = try LineDecoder(path: "log")
  }

  /// The greatest standard deviation of the difference between an asked tier and the strongest, or the cheapest where the strongest
  /// is asked: √(p(1 − p) + q(1 − q)). `nil` for a line that is no record.
  func deviation(_ line: RawLineReader.Line) -> Double? {
    guard let record = try? decoder.decode(line.bytes, number: line.number), record.features == nil else { return nil }
    model.score(record.request.withoutHarnessText(), into: &scratch)
    let variances = scratch.probabilities.map { Double($0) * (1 - Double($0)) }
    let last = variances.count - 1
    return asked.map { variances[$0] + variances[$0 == last ? 0 : last] }.max()?.squareRoot()
  }
}
