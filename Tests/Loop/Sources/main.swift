import Foundation

setvbuf(stdout, nil, _IOLBF, 0)
signal(SIGPIPE, SIG_IGN)
var options = Loop.Options()
var arguments = CommandLine.arguments.dropFirst()
func next(_ name: String) -> String {
  guard let value = arguments.popFirst() else {
    FileHandle.standardError.write(Data("\(name): expected a value\n".utf8))
    exit(64)
  }
  return value
}
func number(_ name: String) -> Double {
  let text = next(name)
  guard let value = Double(text), value.isFinite, value >= 0 else {
    FileHandle.standardError.write(Data("\(name): expected a number of at least 0, found \(text)\n".utf8))
    exit(64)
  }
  return value
}
while let argument = arguments.popFirst() {
  switch argument {
  case "--json": options.isJSON = true
  case "--check": options.isChecked = true
  case "--judge-noise": options.noise = number(argument)
  case "--seed": options.seed = UInt64(number(argument))
  case "--rate": options.rate = number(argument)
  case "--days": options.days = number(argument)
  case "--labels": options.labels = number(argument)
  case "--canary-rate": options.canaryRate = number(argument)
  case "--canary-requests": options.canaryRequests = Int(number(argument))
  case "--drift-per-day": options.driftPerDay = Int(number(argument))
  case "--target-quality": options.target = number(argument)
  case "--gateway": options.gateway = next(argument)
  case "--ockham": options.ockham = next(argument)
  case "--folder": options.folder = next(argument)
  default: options.world = argument
  }
}
do {
  let report = try Loop(options).play()
  if options.isJSON {
    let data = try JSONSerialization.data(withJSONObject: report.json, options: [.sortedKeys])
    print(String(decoding: data, as: UTF8.self))
  } else {
    print(report.text, terminator: "")
  }
  if options.isChecked, let fault = report.fault { throw Failure(fault) }
} catch {
  FileHandle.standardError.write(Data("loop: \(error)\n".utf8))
  exit(1)
}
