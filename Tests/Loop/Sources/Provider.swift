import Foundation

/// Plays the providers and the judge of a world: each tier is a model of the same name, and `judge` tells the truth with noise.
///
/// A request says by `user` which row it is. An answer ends in a code that only the judge can read: it knows the row and the tier,
/// and nothing else tells them apart.
final class Provider: @unchecked Sendable {
  private let rows: [String: World.Row]
  private let tiers: [String]
  private let noise: Double
  private let seed: UInt64
  /// What a token of a tier's output costs, in USD: the world's dollars are counted in these.
  let tokenUSD: [Double]
  private let lock = NSLock()
  private var copies: [String: Set<Int>] = [:]
  private var isDegraded = false

  /// - Parameter noise: the probability with which the judge says the opposite.
  init(_ world: World, noise: Double, seed: UInt64) {
    rows = Dictionary((world.traffic + world.heldOut).map { ($0.id, $0) }) { first, _ in first }
    tiers = world.tiers
    self.noise = noise
    self.seed = seed
    tokenUSD = world.tiers.indices.map { tier in
      max((world.traffic + world.heldOut).map { $0.costUSD[tier] }.max() ?? 0, 1e-9) / 20_000
    }
  }

  /// From now on two answers of five are worth nothing, whichever tier gives them.
  func degrade() {
    lock.lock()
    defer { lock.unlock() }
    isDegraded = true
  }

  private func isSpoilt(_ row: String) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    return isDegraded && Hash.unit("spoilt \(seed) \(row)") < 0.4
  }

  /// Tiers that were asked for a row, by its id.
  var asked: [String: Set<Int>] {
    lock.lock()
    defer { lock.unlock() }
    return copies
  }

  func answer(to message: Message) -> (status: Int, body: Data) {
    guard let request = try? JSONSerialization.jsonObject(with: message.body) as? [String: Any],
      let model = request["model"] as? String
    else { return (400, Data("{}".utf8)) }
    if model == "judge" { return (200, judgement(of: request)) }
    guard let tier = tiers.firstIndex(of: model), let id = request["user"] as? String, let row = rows[id] else {
      return (404, Data("{}".utf8))
    }
    lock.lock()
    copies[id, default: []].insert(tier)
    lock.unlock()
    let tokens = max(1, Int((row.costUSD[tier] / tokenUSD[tier]).rounded()))
    return (200, completion("An answer. [\(tier):\(id)]", tokens: tokens))
  }

  /// What an answer is worth, turned round as often as the judge errs.
  private func judgement(of request: [String: Any]) -> Data {
    let text = (request["messages"] as? [[String: Any]] ?? []).last?["content"] as? String ?? ""
    guard let match = text.matches(of: #/An answer\. \[(\d+):([^\]]+)\]/#).last, let tier = Int(match.1),
      let row = rows[String(match.2)]
    else { return completion("nothing to judge", tokens: 1) }
    let isWrong = Hash.unit("judge \(seed) \(match.0)") < noise
    let quality = isSpoilt(row.id) ? 0 : row.quality[tier]
    return completion("{\"score\":\(isWrong ? 1 - quality : quality)}", tokens: 1)
  }

  private func completion(_ text: String, tokens: Int) -> Data {
    let object: [String: Any] = [
      "id": "c", "object": "chat.completion", "created": 1, "model": "m",
      "choices": [["index": 0, "message": ["role": "assistant", "content": text], "finish_reason": "stop"]],
      "usage": ["prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1],
    ]
    return (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
  }
}
