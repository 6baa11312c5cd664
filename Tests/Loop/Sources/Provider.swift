import Foundation

/// Plays the providers and the judge of a world: each tier is a model of the same name, and `judge` reports the true value with noise.
///
/// A request says by `user` which row it is; one that says nothing is a fixed prompt, and asks for a word. An answer ends in a code that only the judge can read: it knows the row and the tier,
/// and nothing else distinguishes them.
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
  private var fixedAsked = 0

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

  /// From now on two answers of five are others, and worth nothing, whichever tier gives them.
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

  /// Fixed prompts, and the words that show a good answer.
  static let fixedPrompts = (1...8).map { (text: "Say the word number \($0).", word: "word-\($0)") }

  private func word(for text: String) -> String? {
    guard let prompt = Self.fixedPrompts.first(where: { $0.text == text }) else { return nil }
    lock.lock()
    defer { lock.unlock() }
    fixedAsked += 1
    return isDegraded && Hash.unit("fixed \(seed) \(fixedAsked)") < 0.4 ? "I do not know." : prompt.word
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
    guard let tier = tiers.firstIndex(of: model) else { return (404, Data("{}".utf8)) }
    guard let id = request["user"] as? String, let row = rows[id] else {
      let text = (request["messages"] as? [[String: Any]] ?? []).last?["content"] as? String ?? ""
      return word(for: text).map { (200, completion($0, tokens: 1)) } ?? (404, Data("{}".utf8))
    }
    lock.lock()
    copies[id, default: []].insert(tier)
    lock.unlock()
    let tokens = max(1, Int((row.costUSD[tier] / tokenUSD[tier]).rounded()))
    let kind = isSpoilt(id) ? "A worse" : "An"
    return (200, completion("\(kind) answer. [\(tier):\(id)]", tokens: tokens))
  }

  /// What an answer is worth, turned round as often as the judge errs.
  private func judgement(of request: [String: Any]) -> Data {
    let text = (request["messages"] as? [[String: Any]] ?? []).last?["content"] as? String ?? ""
    guard let match = text.matches(of: #/An? (?:worse )?answer\. \[(\d+):([^\]]+)\]/#).last, let tier = Int(match.1),
      let row = rows[String(match.2)]
    else { return completion("nothing to judge", tokens: 1) }
    let isWrong = Hash.unit("judge \(seed) \(match.0)") < noise
    let quality = match.0.hasPrefix("A worse") ? 0 : row.quality[tier]
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
