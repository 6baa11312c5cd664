import Yams

/// The gateway's configuration file. It is a configuration, or there is an error; whatever is wrong has a place in the file and
/// says what to do, on one line, without a secret; read again, it is the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzConfiguration(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  let (configuration, problems) = read(text)
  let again = read(text)
  expect(again.configuration == configuration && again.problems == problems, "read again, it is another")
  expect((configuration == nil) == problems.contains { $0.severity == .error }, "neither a configuration nor an error")
  let lines = 1 + text.count { breaks.contains($0) }
  for problem in problems { check(problem, lines) }
  if let secret = plantedSecret(text) {
    for problem in problems { expect(!"\(problem)".contains(secret), "a secret is told: \(problem)") }
  }
  return 0
}

private func read(_ text: String) -> (configuration: GatewayConfiguration?, problems: [ConfigurationProblem]) {
  ConfigurationFile.read(text: text, path: "fuzz") { $0 == "SET" ? "x" : nil }
}

/// What ends a line of YAML.
private let breaks: Set<Character> = ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"]

private func check(_ problem: ConfigurationProblem, _ lines: Int) {
  let message = "\(problem)"
  expect(message.utf8.count < 4096, "a long problem: \(message)")
  expect(
    message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "a problem of several lines: \(problem)"
  )
  expect(!problem.expected.isEmpty && !problem.found.isEmpty && !problem.remedy.isEmpty, "half a problem: \(problem)")
  expect((problem.line == nil) == (problem.column == nil), "half a place: \(problem)")
  if let line = problem.line, let column = problem.column {
    // The end of a file is a place too, and the parser may stand a few columns behind the end of a line.
    expect((1...lines + 1).contains(line) && column >= 1, "a place that is not there: \(problem)")
  }
  for word in message.split(whereSeparator: { !isKeyCharacter($0) }) {
    expect(word.utf8.count < 16 || !keyPrefixes.contains { word.hasPrefix($0) }, "a key is told: \(problem)")
  }
}

private let keyPrefixes = ["sk-", "gsk_", "AIza", "AKIA", "ghp_", "hf_"]

private func isKeyCharacter(_ character: Character) -> Bool {
  character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
}

/// The text that stands for a secret, where it stands only under names of secrets.
private func plantedSecret(_ text: String) -> String? {
  let secret = "hunter2-hunter2"
  guard text.contains(secret), let root = try? compose(yaml: text) else { return nil }
  return isHidden(secret, in: root, depth: 0) ? secret : nil
}

private func isHidden(_ secret: String, in node: Node, depth: Int) -> Bool {
  guard depth < 64 else { return false }
  switch node {
  case .scalar(let scalar): return !scalar.string.contains(secret)
  case .sequence(let sequence): return sequence.allSatisfy { isHidden(secret, in: $0, depth: depth + 1) }
  case .mapping(let mapping):
    return mapping.allSatisfy { key, value in
      guard let name = key.scalar?.string, !name.contains(secret) else { return false }
      let isSecret = ["api_key", "token", "password", "key_env", "sha256"].contains(name) && value.scalar != nil
      return isSecret || isHidden(secret, in: value, depth: depth + 1)
    }
  case .alias: return false
  }
}
