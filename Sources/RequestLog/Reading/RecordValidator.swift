import TextKit
import Ockham

/// The last check before a record leaves a reader: its values, its tier, and that its id is new.
///
/// Ids are kept as 64-bit hashes with their positions: 16 bytes a record and the spare room of a hash table. Two of n ids
/// share a hash by chance with probability n²/2⁶⁵: 3 in a million for ten million records.
struct RecordValidator {
  private let path: String
  private let tiers: [String]?
  private let rejectsDuplicateIDs: Bool
  private let merging: MergeKey?
  private let repeats: RepeatedKeys?
  private let featureOptions: [FeatureOptions]
  private let takesAnyFeatures: Bool
  private var positions: [UInt64: Int64] = [:]
  /// What rows of an id ask, where they may be merged.
  private var questions: [UInt64: UInt64] = [:]

  init(path: String, options: LogOptions) {
    self.path = path
    tiers = options.tiers
    rejectsDuplicateIDs = options.rejectsDuplicateIDs
    merging = options.merging
    repeats = options.repeats
    featureOptions = options.featureOptions
    takesAnyFeatures = options.takesAnyFeatures
  }

  /// Lets a record pass, or says why not. Only records that pass reserve their id. A request that is read to be scored is
  /// from here on as the gateway scores it: `Request.withoutHarnessText()`.
  mutating func admit(_ record: inout LogRecord, at position: LogPosition) throws(RecordViolation) {
    try record.validate()
    if !featureOptions.isEmpty { record.request = record.request.withoutHarnessText() }
    if let features = record.features, !takesAnyFeatures { try features.check(for: featureOptions) }
    if let tier = record.tier { try check(tier: tier) }
    guard rejectsDuplicateIDs || merging != nil else { return }
    let hash = ContentHash(record.id).value
    if merging != nil {
      // An id that one row has needs no memory.
      if let repeats, repeats.ids[hash] == nil { return }
      let question = record.questionHash
      if questions[hash] == question { return }
      if questions[hash] == nil { questions[hash] = question }
    }
    if let first = positions.updateValue(position.number, forKey: hash) {
      positions[hash] = first
      throw Self.duplicateID(first: position.with(number: first), second: position, isMerging: merging != nil)
    }
  }

  /// The id of a record that has none: the file's name and the record's number.
  func defaultID(at position: LogPosition) -> String {
    let name = path == "-" ? "stdin" : path.split(separator: "/").last.map(String.init) ?? path
    return "\(name):\(position.number)"
  }

  private func check(tier: String) throws(RecordViolation) {
    guard let tiers, !tiers.contains(tier) else { return }
    throw RecordViolation(
      .unknownTier, field: "tier", expected: "one of the tiers " + SafeText.names(tiers),
      found: SafeText.word(tier), remedy: "fix the label, or name the tier with --tier NAME=MODEL")
  }

  private static func duplicateID(
    first: LogPosition, second: LogPosition, isMerging: Bool
  ) -> RecordViolation {
    RecordViolation(
      .duplicateID, field: "id", expected: isMerging ? "one request for an id" : "an id of its own",
      found: "\(second.phrase) has the id of \(first.phrase)" + (isMerging ? " and asks something else" : ""),
      remedy: "remove one of the two or give it another id")
  }
}
