// scoring-bench MODEL... [--format table|json]      times decisions
// scoring-bench --repeat N PART TEXT BYTES MODEL    makes N decisions in silence, to be counted by callgrind
// scoring-bench --serve FOLDER MODEL...             takes samples as another program asks for them
import CAffinity
import Glibc

var arguments = Array(CommandLine.arguments.dropFirst())

if arguments.first == "--repeat", arguments.count == 6, let count = Int(arguments[1]),
  let part = Part(rawValue: arguments[2]), let kind = TextKind(rawValue: arguments[3]), let bytes = Int(arguments[4])
{
  let variants = try modelVariants(path: arguments[5])
  let needsHeads = part == .response
  let model = variants.first { !needsHeads || !$0.model.responseTiers.isEmpty } ?? variants[0]
  let requests = BenchCase(model, part, kind, byteCount: bytes, promptCount: 8)
  for _ in 0..<count { requests.warmUp() }
  exit(0)
}

if arguments.first == "--serve", arguments.count >= 3 {
  _ = pin_to_processor(0)
  try serve(folder: arguments[1], models: arguments.dropFirst(2).flatMap(modelVariants))
  exit(0)
}

let isJSON = arguments.suffix(2) == ["--format", "json"]
if arguments.count >= 2, arguments[arguments.count - 2] == "--format" { arguments.removeLast(2) }
guard !arguments.isEmpty, !arguments.contains(where: { $0.hasPrefix("-") }) else {
  print("usage: scoring-bench MODEL... [--format table|json]")
  exit(64)
}
// Caches and branch histories stay with the thread.
_ = pin_to_processor(0)
let models = try arguments.flatMap(modelVariants)
let cases = makeCases(models)
for row in cases { row.warmUp() }
// All rows take turns, so that a busy moment of the machine falls on all of them alike.
for _ in 0..<60 { for row in cases { row.sample() } }
let batch = measureBatch(models[0].model)
if isJSON {
  Report.json(cases, batch)
} else {
  Report.table(cases)
  Report.table(batch)
}
