import Foundation

/// A request log in which every request knows every tier's quality and cost: what is true, and no one in the loop may see.
struct World {
  struct Row {
    var id: String
    /// The request's `messages`.
    var messages: [[String: Any]]
    var conversation: String
    /// By tier.
    var quality: [Double]
    var costUSD: [Double]
  }

  /// Cheapest first: in the order of the first row's outcomes.
  var tiers: [String]
  /// What is sent, and what is not: `_true` figures are those of the latter.
  var traffic: [Row] = []
  var heldOut: [Row] = []

  init(path: String, seed: UInt64) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: true)
    guard let first = lines.first else { throw Failure("\(path): no rows") }
    tiers = try Self.tiers(of: first, path)
    var seen: Set<String> = []
    for (number, line) in lines.enumerated() {
      guard let row = try Self.row(line, number, tiers, path), seen.insert(row.id).inserted else { continue }
      if Hash.unit("held out \(seed) \(row.conversation)") < 0.3 { heldOut.append(row) } else { traffic.append(row) }
    }
    guard traffic.count >= 100, heldOut.count >= 30 else {
      throw Failure("\(path): \(traffic.count + heldOut.count) rows know all of \(tiers); 150 are needed at least")
    }
  }

  /// The names of a row's outcomes in their order, which a dictionary forgets.
  private static func tiers(of line: Substring, _ path: String) throws -> [String] {
    guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
      let outcomes = row["outcomes"] as? [String: Any], outcomes.count >= 2,
      let start = line.range(of: "\"outcomes\"")
    else { throw Failure("\(path): the first row has no outcomes of two tiers") }
    let rest = line[start.upperBound...]
    return outcomes.keys.sorted { one, two in
      (rest.range(of: "\"\(one)\"")?.lowerBound ?? rest.endIndex)
        < (rest.range(of: "\"\(two)\"")?.lowerBound ?? rest.endIndex)
    }
  }

  /// `nil` for a row that lacks a tier's quality or cost.
  private static func row(_ line: Substring, _ number: Int, _ tiers: [String], _ path: String) throws -> Row? {
    guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      throw Failure("\(path):\(number + 1): no JSON object")
    }
    let outcomes = row["outcomes"] as? [String: [String: Any]] ?? [:]
    let known = tiers.compactMap { tier -> (Double, Double)? in
      guard let quality = outcomes[tier]?["quality"] as? Double, let cost = outcomes[tier]?["cost_usd"] as? Double
      else { return nil }
      return (quality, cost)
    }
    guard known.count == tiers.count else { return nil }
    let messages =
      row["messages"] as? [[String: Any]]
      ?? (row["prompt"] as? String).map { [["role": "user", "content": $0]] }
    guard let messages else { return nil }
    let id = (row["id"] as? String) ?? "\(number + 1)"
    return Row(
      id: id, messages: messages, conversation: row["conversation"] as? String ?? "row \(id)",
      quality: known.map(\.0), costUSD: known.map(\.1))
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Draws that a later run repeats.
enum Hash {
  /// A number in 0 ..< 1 that follows from a text alone.
  static func unit(_ text: String) -> Double {
    var word: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { word = (word ^ UInt64(byte)) &* 0x100_0000_01b3 }
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
  }
}
