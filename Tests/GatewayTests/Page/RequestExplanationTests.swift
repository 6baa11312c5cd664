import Foundation
import Ockham
import Testing

@testable import Gateway
@testable import GatewayCore

/// What the page says moved a request towards a tier, from what the log keeps of it.
@Suite struct RequestExplanationTests {
  private static let prompt =
    "Prove that there are infinitely many primes, then write a Swift function that finds the next."
  private let model: Model

  init() throws { model = try WatchedTraffic.model() }

  /// A request as the log has it.
  private func stored(
    _ prompts: TelemetryConfiguration.Prompts, tier: Int? = 0, options: FeatureOptions? = nil,
    _ change: (inout RequestTrace) -> Void = { _ in }
  ) -> StoredRequest {
    var trace = Traces.answered("r", prompt: Self.prompt)
    trace.tierNames = model.tierNames
    trace.decision.tier = tier
    trace.decision.probabilities = model.tierNames.map { _ in 0.5 }
    trace.decision.modelIdentifier = model.identifier
    change(&trace)
    var maker = TelemetryRecordMaker()
    let settings = TelemetrySettings(prompts: prompts, featureOptions: options ?? model.extractor.options)
    return StoredRequest(record: maker.record(of: trace, settings), feedback: [])
  }

  private func failure(_ request: StoredRequest, model: Model?) -> RequestExplanation.Failure? {
    do throws(RequestExplanation.Failure) { _ = try RequestExplanation(request, model: model) } catch { return error }
    return nil
  }

  /// Features and the text tell the same of a request.
  @Test func featuresAreAsGoodAsTheText() throws {
    let text = try RequestExplanation(stored(.full), model: model)
    let features = try RequestExplanation(stored(.features), model: model)
    #expect(text.parts.map(\.name) == features.parts.map(\.name))
    for (one, other) in zip(text.parts, features.parts) { #expect(abs(one.value - other.value) < 1e-4) }
  }

  @Test func theGreatestPartsComeFirst() throws {
    let parts = try RequestExplanation(stored(.full), model: model).parts
    #expect(parts.count == 12 && parts.allSatisfy { $0.value != 0 })
    #expect(parts.map(\.value.magnitude) == parts.map(\.value.magnitude).sorted(by: >))
    // Of what the model says of the request, nothing that is left out is greater.
    var scratch = model.makeScratch()
    model.score(Request(prompt: Self.prompt), into: &scratch)
    let whole = model.explain(scratch, from: 0, to: 2)
    let words = Namespace.allCases.map { whole.nGrams[$0] }
    let rest = (whole.contributions.map(\.value) + words + [whole.hidden]).sorted { $0.magnitude > $1.magnitude }
    #expect(zip(parts, rest).allSatisfy { abs($0.value - $1) < 1e-4 })
    #expect(Set(parts.map(\.name)).count == parts.count)
  }

  /// A request of the cheapest tier is compared with the strongest, any other with the cheapest.
  @Test func tiersThatAreCompared() throws {
    for (tier, upper) in [(0, 2), (1, 1), (2, 2), (nil, 2)] as [(Int?, Int)] {
      let explanation = try RequestExplanation(stored(.features, tier: tier), model: model)
      #expect(explanation.lower == model.tierNames[0] && explanation.upper == model.tierNames[upper])
    }
    // What is told of one tier is not what is told of another.
    let middle = try RequestExplanation(stored(.features, tier: 1), model: model)
    let top = try RequestExplanation(stored(.features, tier: 2), model: model)
    #expect(middle.parts.map(\.value) != top.parts.map(\.value))
  }

  @Test func whyThereIsNone() throws {
    #expect(failure(stored(.full), model: nil) == .noModel)
    #expect(failure(stored(.full) { $0.decision.probabilities = [] }, model: model) == .notWeighed)
    #expect(failure(stored(.full) { $0.decision.modelIdentifier = 0xFEED }, model: model) == .otherModel)
    #expect(failure(stored(.none), model: model) == .notKept)
    var gone = stored(.full)
    gone.record.request = nil
    #expect(failure(gone, model: model) == .notKept, "what retention left")
    var others = model.extractor.options
    others.bucketBits -= 1
    #expect(failure(stored(.features, options: others), model: model) == .notKept, "features of another model")
    #expect(failure(stored(.full, options: others), model: model) == nil)
  }

  /// Bytes and texts that are damaged are not kept either.
  @Test func whatIsDamagedIsNotKept() {
    var request = stored(.full)
    request.record.request?["request"] = .text("{\"messages\":")
    #expect(failure(request, model: model) == .notKept)
    request = stored(.features)
    request.record.request?["features"] = .bytes([1, 2, 3])
    #expect(failure(request, model: model) == .notKept)
  }

  /// The page shows the parts, or says why there are none.
  @Test func thePageShowsIt() async throws {
    let folder = try TelemetryFolder()
    let file = try SQLiteFile(path: folder.database)
    let store = SQLiteTelemetry(file)
    try store.write(TelemetryBatch(entries: [.request(stored(.full).record)]))
    for model in [model, nil] {
      let page = try await TestPage.start(file: file, model: model)
      defer { page.stop() }
      let text = try await page.get("/requests/r").text
      #expect(text.contains("What moved it"))
      #expect(text.contains("<th scope=\"row\">logic</th>") == (model != nil))
      #expect(text.contains("No model scores requests") == (model == nil))
    }
  }
}
