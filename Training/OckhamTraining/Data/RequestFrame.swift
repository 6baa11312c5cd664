package import Ockham

/// What clients put around a request without making it harder or easier: a greeting, polite phrases in some language, a system prompt,
/// marks of a program.
package struct RequestFrame: Sendable, Hashable, Codable {
  /// Before and after the last user message, as they stand.
  package var before: String
  package var after: String
  /// A system prompt, for requests that have none; `nil` for none.
  package var system: String?

  package init(before: String = "", after: String = "", system: String? = nil) {
    (self.before, self.after, self.system) = (before, after, system)
  }

  /// The request in the frame.
  package func framing(_ request: Request) -> Request {
    var result = request
    if let last = result.segments.lastIndex(where: { $0.role == .user }) {
      result.segments[last].text = before + result.segments[last].text + after
    }
    if let system, !result.segments.contains(where: { $0.role == .system }) {
      result.segments.insert(Segment(role: .system, text: system), at: 0)
    }
    return result
  }
}

/// Dense features of some rows of a dataset as they are in a frame, before they are standardised.
struct FramedRows: Sendable {
  /// Rising.
  var rows: [Int] = []
  /// Row-major [rows × d].
  var dense: [Float] = []

  /// Those among the given rows, by their places there.
  func selecting(_ chosen: [Int], columns: Int) -> FramedRows {
    let places = Dictionary(zip(chosen, chosen.indices), uniquingKeysWith: { first, _ in first })
    var result = FramedRows()
    let kept = rows.indices.compactMap { place in places[rows[place]].map { (row: $0, place: place) } }
    for (row, place) in kept.sorted(by: { $0.row < $1.row }) {
      result.rows.append(row)
      result.dense += dense[place * columns..<(place + 1) * columns]
    }
    return result
  }
}

/// The requests of a log that are put into frames: those with the least hashes, at most ``most``, however many there are and in whatever
/// order they come.
struct FrameSample {
  private let frames: [RequestFrame]
  private var kept: [(hash: UInt64, row: Int, request: Request)] = []
  private static let most = 4_096

  init(_ frames: [RequestFrame]) { self.frames = frames }

  mutating func add(_ request: Request, row: Int) {
    guard !frames.isEmpty else { return }
    var hash = MixHash()
    hash.absorb(request.contentHash)
    kept.append((hash.value, row, request))
    if kept.count == 2 * Self.most { trim() }
  }

  private mutating func trim() {
    kept.sort { ($0.hash, $0.row) < ($1.hash, $1.row) }
    kept.removeLast(max(0, kept.count - Self.most))
  }

  /// Each request in one of the frames, by its hash.
  mutating func rows(_ extractor: FeatureExtractor) -> FramedRows {
    trim()
    var (result, vector) = (FramedRows(), extractor.makeVector())
    for (hash, row, request) in kept.sorted(by: { $0.row < $1.row }) {
      extractor.extract(frames[Int(hash % UInt64(frames.count))].framing(request), into: &vector)
      result.rows.append(row)
      result.dense += vector.dense
    }
    return result
  }
}
