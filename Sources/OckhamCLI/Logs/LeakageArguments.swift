import ArgumentParser
import OckhamTraining
import Workflow

/// What to do when a model may have been trained on the rows that it is to be judged by.
struct LeakageArguments: ParsableArguments {
  @Flag(help: "Vouch that the log holds no rows that a model was trained on.")
  var heldOut = false

  /// Refuses to judge a model whose out-of-fold scores are not beside it, unless someone asserts that no row was trained on.
  func check(_ model: String, _ result: LogScorer.Result) throws {
    guard result.mayOverlapTrainingData, !heldOut else { return }
    throw Failure.refused(
      "\(model): no \(OutOfFoldScores.fileName) of this model beside it, so rows that it was trained on cannot be distinguished from "
        + "new ones and would inflate its metrics; put the file back, or say --held-out when the log has no such rows")
  }
}
