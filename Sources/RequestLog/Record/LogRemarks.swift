import TextKit

/// Something that was skipped or changed while rows were read: what, how often, and where first.
package struct LogRemark: Sendable, Hashable, CustomStringConvertible {
  /// What and why, without a count.
  package var sentence: String
  /// How often it was met.
  package var count: Int
  /// Where it was met first.
  package var place: String

  /// One line, such as `3 × unknown task: the label is left out (first: log.jsonl:17)`.
  package var description: String { "\(NumberFormat.count(count)) × \(sentence) (first: \(place))" }
}

/// Where a remark belongs: a file and a place in it.
struct LogPlace: Sendable, CustomStringConvertible {
  var path: String
  var position: LogPosition

  var description: String { "\(path):\(position)" }
}

/// The remarks of a reading, each kind once, in the order in which they were met.
struct LogRemarks: Sendable {
  /// Kinds beyond these are counted together.
  static let maximumKinds = 100

  private(set) var all: [LogRemark] = []
  private var places: [String: Int] = [:]

  /// Counts a remark.
  mutating func note(_ sentence: String, at place: LogPlace) { note(sentence, count: 1, place: { place.description }) }

  private mutating func note(_ sentence: String, count: Int, place: () -> String) {
    if let known = places[sentence] {
      all[known].count += count
    } else if all.count < Self.maximumKinds || sentence == Self.others {
      places[sentence] = all.count
      all.append(LogRemark(sentence: sentence, count: count, place: place()))
    } else {
      note(Self.others, count: count, place: place)
    }
  }

  /// Adds the remarks of another reading.
  mutating func add(_ others: [LogRemark]) {
    for remark in others { note(remark.sentence, count: remark.count, place: { remark.place }) }
  }

  private static let others = "remarks of other kinds"
}
