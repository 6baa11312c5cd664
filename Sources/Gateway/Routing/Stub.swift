enum AnswerCheck { static func rejection(of: ChatAnswer, to: ChatRequest, by: CascadeConfiguration) -> String? { nil } }
enum JudgePrompt {
  static func mark(_ a: ChatAnswer, of: ChatRequest) -> [UInt8]? { nil }
  static func mark(in: String) -> Double? { nil }
  static func choice(among: [ChatAnswer], of: ChatRequest) -> [UInt8]? { nil }
  static func choice(in: String, count: Int) -> Int? { nil }
}
enum MajorityVote { static func choice(among: [ChatAnswer]) -> Int? { nil } }
