import Ockham

/// A kind of made-up request: what is asked, how often, how hard it is and how long.
struct DemoSubject: Sendable {
  var task: TaskKind
  var weight: Double
  /// From 0 for what every model does well to 1.
  var difficulty: Double
  var inputTokens: Double
  var outputTokens: Double
  /// `#` stands for a number.
  var questions: [String]

  static let all: [DemoSubject] = [
    DemoSubject(
      task: .extraction, weight: 26, difficulty: 0.1, inputTokens: 700, outputTokens: 60,
      questions: [
        "Extract date, total and currency from made-up invoice # as JSON.",
        "Which names and places are in made-up letter #? Answer with a list.",
      ]),
    DemoSubject(
      task: .classification, weight: 20, difficulty: 0.06, inputTokens: 260, outputTokens: 8,
      questions: [
        "Is made-up ticket # about billing, delivery or something else? One word.",
        "Is the tone of made-up review # friendly, neutral or angry?",
      ]),
    DemoSubject(
      task: .summarisation, weight: 14, difficulty: 0.16, inputTokens: 2200, outputTokens: 220,
      questions: [
        "Sum up made-up report # in three sentences for somebody in a hurry.",
        "What was decided in made-up meeting #, and by whom?",
      ]),
    DemoSubject(
      task: .chat, weight: 18, difficulty: 0.2, inputTokens: 420, outputTokens: 180,
      questions: [
        "A made-up customer asks where parcel # is. Answer kindly.",
        "How do I change the address of made-up order #?",
      ]),
    DemoSubject(
      task: .code, weight: 14, difficulty: 0.44, inputTokens: 1500, outputTokens: 520,
      questions: [
        "Why does made-up test # fail now and then? Find the race and fix it.",
        "Write a function for made-up task #: merge overlapping intervals, with tests.",
      ]),
    DemoSubject(
      task: .reasoning, weight: 8, difficulty: 0.52, inputTokens: 900, outputTokens: 640,
      questions: [
        "Made-up puzzle #: five trains, three platforms, no train may wait. Is there a plan? Prove it.",
        "Compare the two offers of made-up tender # over ten years, step by step.",
      ]),
  ]
}
