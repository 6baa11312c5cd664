import Ockham

extension FuzzInput {
  /// A request: attributes first, then segments to the end of the input.
  mutating func request() -> Request {
    let attributes = attributes()
    var segments: [Segment] = []
    while !isEmpty {
      let role = Role.allCases[index(below: 4)]
      let text = bytes(4 * Int(byte()))
      segments.append(Segment(role: role, text: String(decoding: text, as: UTF8.self)))
    }
    return Request(segments: segments, attributes: attributes)
  }

  private mutating func attributes() -> RequestAttributes {
    let flags = byte()
    var attributes = RequestAttributes()
    attributes.responseFormat = ResponseFormat.allCases[Int(flags) % 3]
    if flags & 0x10 != 0 { attributes.toolNames = (0..<index(below: 4)).map { _ in text() } }
    if flags & 0x20 != 0 { attributes.toolSchemaBytes = Int(truncatingIfNeeded: word()) }
    if flags & 0x40 != 0 { attributes.responseSchemaBytes = Int(truncatingIfNeeded: word()) }
    if flags & 0x80 != 0 {
      attributes.imageCount = Int(truncatingIfNeeded: word())
      attributes.maximumOutputTokens = Int(truncatingIfNeeded: word())
    }
    return attributes
  }

  /// A policy for a model: any numbers, any constraints.
  mutating func policy(for model: Model) -> Policy {
    var policy = Policy(thresholds: model.thresholds)
    let flags = byte()
    if flags & 1 != 0 { policy.minimumQuality = Float(byte()) / 255 }
    if flags & 2 != 0 { policy.maximumCostUSD = Double(byte()) / 100 }
    if flags & 4 != 0 { policy.taskPins[TaskKind.allCases[index(below: 10)]] = TierSet(rawValue: word()) }
    if flags & 8 != 0 {
      for tier in policy.tiers.indices {
        policy.tiers[tier].contextTokens = Int(truncatingIfNeeded: word())
        policy.tiers[tier].capabilities = Capabilities(rawValue: byte())
        policy.tiers[tier].inputUSDPerMillionTokens = Double(byte())
        policy.tiers[tier].outputUSDPerMillionTokens = Double(byte())
      }
    }
    return policy
  }
}
