import Ockham
import RequestLog
import Statistics
import Testing

@testable import OckhamTraining

/// Heads that frames hardly move.
@Suite struct FrameTests {
  private static let frames = [
    RequestFrame(before: "Hello there, my good friend!\n\n"), RequestFrame(after: " Many thanks in advance."),
    RequestFrame(system: "You are a helpful assistant."),
  ]

  private func dataset(_ frames: [RequestFrame], _ records: [LogRecord]) throws -> Dataset {
    var builder = try DatasetBuilder(
      options: FeatureOptions(bucketBits: 10), pool: WorkerPool(threads: 2), scratchFolder: nil, frames: frames)
    for record in records { builder.add(record) }
    return try builder.finish(tiers: TierMap(flags: Training.tierFlags))
  }

  @Test func aFrameStandsAroundTheLastUserMessage() {
    let request = Request(segments: [
      Segment(role: .user, text: "one"), Segment(role: .assistant, text: "two"), Segment(role: .user, text: "three"),
      Segment(role: .tool, text: "four"),
    ])
    let framed = RequestFrame(before: "<", after: ">", system: "be brief").framing(request)
    #expect(framed.segments.map(\.text) == ["be brief", "one", "two", "<three>", "four"])
    #expect(framed.segments.map(\.role) == [.system, .user, .assistant, .user, .tool])
    // Another system prompt stays the only one, and where no user speaks there is nothing to frame.
    #expect(RequestFrame(system: "other").framing(framed) == framed)
    let none = Request(segments: [Segment(role: .system, text: "a")])
    #expect(RequestFrame(before: "<", after: ">").framing(none) == none)
  }

  @Test func rowsAreFramedByTheirHash() throws {
    let records = MadeUpFamilies.records(8)
    let framed = try #require(try dataset(Self.frames, records).framed)
    #expect(framed.rows == Array(records.indices) && framed.dense.count == records.count * DenseFeatures.names.count)
    let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: 10))
    var (vector, used) = (extractor.makeVector(), Set<Int>())
    for (place, record) in records.enumerated() {
      let own = Array(framed.dense[place * vector.dense.count..<(place + 1) * vector.dense.count])
      let fitting = Self.frames.indices.filter {
        extractor.extract(Self.frames[$0].framing(record.request), into: &vector)
        return vector.dense == own
      }
      #expect(!fitting.isEmpty)
      used.formUnion(fitting)
    }
    #expect(used.count == 3)
    // Some of the rows in another order keep their own.
    let chosen = [20, 3, 11]
    let selected = try #require(try dataset(Self.frames, records).selecting(chosen).framed)
    #expect(selected.rows == [0, 1, 2])
    for (place, row) in chosen.enumerated() {
      let width = DenseFeatures.names.count
      #expect(selected.dense[place * width..<(place + 1) * width] == framed.dense[row * width..<(row + 1) * width])
    }
    #expect(try dataset([], records).framed == nil)
  }

  /// The form against the definition, term by term.
  @Test func theFormIsTheMeanOfSquaredMoves() throws {
    let data = try dataset(Self.frames, MadeUpFamilies.records(8))
    let rows = Array(stride(from: 0, to: 32, by: 2))
    let transform = FeatureTransform(fitting: data, rows: rows, scaling: FeatureScaling())
    let (form, framed) = (try #require(FrameForm(data, transform, rows: rows)), try #require(data.framed))
    let width = data.denseColumns
    func move(_ row: Int, _ column: Int) -> Double {
      let to = transform.standardise(framed.dense[row * width + column], column)
      return Double(to) - Double(transform.standardise(data.dense[row * width + column], column))
    }
    var moved = 0
    for (i, j) in [(0, 0), (1, 1), (0, 1), (1, 0), (26, 7), (width - 1, 3)] {
      let mean = rows.reduce(0) { $0 + move($1, i) * move($1, j) } / Double(rows.count)
      #expect(abs(form.matrix[i * width + j] - mean) < 1e-6)
      moved += abs(mean) > 0.01 ? 1 : 0
    }
    #expect(moved > 0)
    #expect(FrameForm(try dataset([], MadeUpFamilies.records(8)), transform, rows: rows) == nil)
  }

  /// The gradient of the objective against finite differences, heads on their own and alike, and its curvature.
  @Test(arguments: [0, 0.5]) func theGradientAgreesWithDifferences(correlation: Double) throws {
    let data = try dataset(Self.frames, MadeUpFamilies.records(10))
    let rows = Array(0..<40)
    let transform = FeatureTransform(fitting: data, rows: rows, scaling: FeatureScaling())
    let problem = try LogisticProblem(data, transform, rows: rows, pool: WorkerPool(threads: 1))
    #expect(problem.frames != nil)
    let parameters = LogisticParameters(
      l2Frames: 5, sparseCorrelation: correlation, denseCorrelation: correlation, minimumLabelsPerOutcome: 1)
    let solver = LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 2))
    var objective = try solver.objective(for: problem)
    var generator = SplitMix64(seed: 3, 1)
    let point = (0..<objective.dimension).map { _ in Double(generator.nextUnit()) - 0.5 }
    var (gradient, ignored) = (point, point)
    _ = objective.evaluate(at: point, gradient: &gradient)
    for place in objective.layout.dense where place % 7 == 0 {
      var (up, down) = (point, point)
      up[place] += 1e-4
      down[place] -= 1e-4
      let slope =
        (objective.evaluate(at: up, gradient: &ignored) - objective.evaluate(at: down, gradient: &ignored)) / 2e-4
      #expect(abs(slope - gradient[place]) < 1e-5 * max(1, abs(slope)), "place \(place)")
    }
  }

  /// The mean square of what frames do to the dense part of a score falls with the penalty, to next to nothing.
  @Test func framesHardlyMoveScores() throws {
    let data = try dataset(Self.frames, MadeUpFamilies.records(40))
    let rows = Array(0..<160)
    let transform = FeatureTransform(fitting: data, rows: rows, scaling: FeatureScaling())
    let problem = try LogisticProblem(data, transform, rows: rows, pool: WorkerPool(threads: 1))
    let form = try #require(problem.frames).matrix
    func squares(_ strength: Double) throws -> Double {
      let parameters = LogisticParameters(l2Dense: 1e-3, l2Frames: strength, minimumLabelsPerOutcome: 1)
      let model = try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 2)).solve(problem).model
      let (width, heads) = (data.denseColumns, 2)
      return (0..<width).reduce(0) { sum, i in
        (0..<width).reduce(sum) { sum, j in
          (0..<heads).reduce(sum) { sum, head in
            sum + Double(model.dense[i * heads + head]) * form[i * width + j] * Double(model.dense[j * heads + head])
          }
        }
      }
    }
    let (none, weak, strong) = (try squares(0), try squares(0.01), try squares(10))
    #expect(none > 1e-3 && weak < 0.9 * none && strong < 0.01 * none, "\(none), \(weak), \(strong)")
  }
}
