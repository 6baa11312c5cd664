// Routes a prompt, says why, and says why it refuses a file that is no model: FirstDecision MODEL PROMPT
import Foundation
import Ockham

do {
  let file = try Data(contentsOf: URL(filePath: CommandLine.arguments[1]))
  let router = Router(model: try Model([UInt8](file)))
  let request = Request(prompt: CommandLine.arguments[2])
  let decision = router.route(request)
  print(decision.tierName, decision.reason.rawValue)

  let why = router.scorer.explain(request, from: 0, to: 1)  // what speaks for the second tier against the first
  print("words", why.nGrams.sum, "structure", why.dense, "most of all", why.contributions.first?.name ?? "nothing")
} catch let refusal as ModelFileError {
  print("refused:", refusal)
  exit(65)
}
