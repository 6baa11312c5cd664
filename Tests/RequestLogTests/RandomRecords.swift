import Ockham

@testable import RequestLog
@testable import TextKit

/// Valid records of every shape, for round trips.
struct RandomRecords {
  var generator: SplitMix
  private var count = 0

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func next() -> LogRecord {
    count += 1
    var record = LogRecord(id: "r\(count)" + text(upTo: 8), request: request())
    record.dataset = maybe { $0.name() }
    record.outcomes = (0..<Int.random(in: 0...4, using: &generator)).map { outcome(number: $0) }
    record.tier = maybe { $0.name() }
    if Bool.random(using: &generator) {
      record.weight = Float(bitPattern: UInt32.random(in: 1...0x7F7F_FFFF, using: &generator))
    }
    record.task = maybe { TaskKind.allCases.randomElement(using: &$0.generator) ?? .chat }
    record.propensity = maybe { Double.random(in: 1e-9...1, using: &$0.generator) }
    record.timestamp = maybe { CivilTime.timestamp(seconds: Double.random(in: 0...4e9, using: &$0.generator)) }
    addDraw(to: &record)
    return record
  }

  private mutating func addDraw(to record: inout LogRecord) {
    record.allowed = maybe { random in
      (0..<Int.random(in: 1...3, using: &random.generator)).map { "m\($0)" + random.text(upTo: 3) }
    }
    record.served = maybe { random in
      (record.outcomes.map(\.name) + (record.allowed ?? [])).randomElement(using: &random.generator) ?? random.name()
    }
    record.eligible = maybe { Bool.random(using: &$0.generator) }
    record.conversation = maybe { $0.name() }
    record.policyHash = maybe { $0.name() }
    record.labelRate = maybe { Double.random(in: 1e-9...1, using: &$0.generator) }
    record.failed = maybe { Bool.random(using: &$0.generator) }
    record.auditRate = maybe { Double.random(in: 0...1, using: &$0.generator) }
    record.steps = maybe { random in
      (0..<Int.random(in: 1...3, using: &random.generator)).map { _ in
        CascadeStep(
          tier: random.name(), propensity: Double.random(in: 1e-9...1, using: &random.generator),
          isAccepted: Bool.random(using: &random.generator))
      }
    }
  }

  private mutating func answer() -> ModelAnswer {
    guard Bool.random(using: &generator) else { return .text(text(upTo: 40)) }
    return .message(
      AnswerMessage(
        text: text(upTo: 40),
        toolCalls: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
          AnswerMessage.ToolCall(name: name(), arguments: maybe { $0.text(upTo: 20) })
        },
        finishReason: maybe { $0.name() },
        logprobs: maybe { random in
          (0..<Int.random(in: 0...5, using: &random.generator)).map { _ in
            Double.random(in: -20...0, using: &random.generator)
          }
        }))
  }

  private mutating func request() -> Request {
    let roles = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      Role.allCases.randomElement(using: &generator) ?? .user
    }
    var segments = roles.map { Segment(role: $0, text: text(upTo: 30)) }
    segments.append(Segment(role: .user, text: "?" + text(upTo: 200)))
    return Request(segments: segments, attributes: attributes())
  }

  private mutating func attributes() -> RequestAttributes {
    let format = ResponseFormat.allCases.randomElement(using: &generator) ?? .text
    return RequestAttributes(
      toolNames: (0..<Int.random(in: 0...2, using: &generator)).map { _ in name() },
      toolSchemaBytes: Int.random(in: 0...1000, using: &generator), responseFormat: format,
      responseSchemaBytes: format == .jsonSchema ? Int.random(in: 0...500, using: &generator) : 0,
      imageCount: Int.random(in: 0...2, using: &generator),
      maximumOutputTokens: maybe { Int.random(in: 0...9999, using: &$0.generator) })
  }

  private mutating func outcome(number: Int) -> ModelOutcome {
    ModelOutcome(
      name: "m\(number)" + text(upTo: 5), quality: maybe { Double.random(in: 0...1, using: &$0.generator) },
      costUSD: maybe { Double.random(in: 0...1e-3, using: &$0.generator) },
      outputTokens: maybe { Int.random(in: 0...Int.max, using: &$0.generator) },
      latencyMilliseconds: maybe { Double.random(in: 0...1e6, using: &$0.generator) },
      inclusion: maybe { Double.random(in: 1e-9...1, using: &$0.generator) },
      origin: maybe { OutcomeOrigin.allCases.randomElement(using: &$0.generator) ?? .served },
      gold: maybe { $0.gold() }, answer: maybe { $0.answer() })
  }

  private mutating func gold() -> GoldRating {
    GoldRating(
      quality: Double.random(in: 0...1, using: &generator),
      inclusion: maybe { Double.random(in: 1e-9...1, using: &$0.generator) },
      raters: (0..<Int.random(in: 0...2, using: &generator)).map { "r\($0)" + text(upTo: 4) })
  }

  private mutating func maybe<Value>(_ make: (inout RandomRecords) -> Value) -> Value? {
    Bool.random(using: &generator) ? make(&self) : nil
  }

  private mutating func name() -> String { "n" + text(upTo: 6) }

  /// Any scalars but U+0000: quotes, control characters, combining marks, other planes.
  private mutating func text(upTo count: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...count, using: &generator) {
      let limit: UInt32 = Bool.random(using: &generator) ? 0x7F : 0x1_0FFF
      if let scalar = Unicode.Scalar(UInt32.random(in: 1...limit, using: &generator)) { text.append(scalar) }
    }
    return String(text)
  }
}
