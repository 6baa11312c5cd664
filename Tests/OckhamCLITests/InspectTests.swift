import Foundation
import Testing

@Suite struct InspectTests {
  @Test(arguments: ["", "/model.safetensors"]) func showsWhatAModelHolds(file: String) throws {
    let outcome = try Tool.run("inspect", Sample.shared.router + file)
    #expect(outcome.code == 0)
    #expect(outcome.error.isEmpty)
    for word in [
      "kind         logistic, 1024 buckets, word pairs", "task head    yes", "costs        not foretold", "small",
      "frontier", "gram.weight",
      "[1024, 3]", "training_data", "feature_schema", "guarantee", "library_version",
      "tensors_sha256",
    ] { #expect(outcome.output.contains(word), "\(word)") }
  }
}
