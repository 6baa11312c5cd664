/// Which families a model belongs to, as far as its name shows: a judge favours answers of its own.
package enum ModelFamily {
  /// The families in a name: none for names that no list has, two for a model distilled from another's answers
  /// (`deepseek-r1-distill-llama-70b`).
  package static func families(of model: String) -> Set<String> {
    let words = model.lowercased().split { !$0.isLetter && !$0.isNumber }
    return Set(words.compactMap { word in marks.first { matches(word, $0.mark, isWhole: $0.isWhole) }?.family })
  }

  /// Whether two names are those of one model or of one family; the provider before a slash does not matter.
  package static func areRelated(_ one: String, _ other: String) -> Bool {
    base(one) == base(other) || !families(of: one).isDisjoint(with: families(of: other))
  }

  /// The name without provider, in lower case.
  private static func base(_ model: String) -> Substring {
    let name = model.lowercased()
    return Substring(String(name.split(separator: "/").last ?? ""))
  }

  private static func matches(_ word: Substring, _ mark: String, isWhole: Bool) -> Bool {
    guard word.hasPrefix(mark) else { return false }
    let rest = word.dropFirst(mark.count)
    return isWhole ? rest.isEmpty : rest.allSatisfy { $0.isNumber || "vxo".contains($0) }
  }

  /// The word of a name that marks a family; a word that others use as well must stand whole.
  private static let marks: [(mark: String, family: String, isWhole: Bool)] = [
    ("gpt", "gpt", false), ("chatgpt", "gpt", false), ("davinci", "gpt", true), ("o1", "gpt", true),
    ("o3", "gpt", true),
    ("o4", "gpt", true), ("claude", "claude", false), ("gemini", "gemini", false), ("gemma", "gemini", false),
    ("llama", "llama", false), ("codellama", "llama", false), ("mistral", "mistral", false),
    ("mixtral", "mistral", false), ("ministral", "mistral", false), ("codestral", "mistral", false),
    ("magistral", "mistral", false), ("devstral", "mistral", false), ("pixtral", "mistral", false),
    ("qwen", "qwen", false), ("qwq", "qwen", false), ("deepseek", "deepseek", false), ("grok", "grok", false),
    ("phi", "phi", false), ("command", "command", true), ("aya", "command", true), ("glm", "glm", false),
    ("chatglm", "glm", false), ("kimi", "kimi", false), ("moonshot", "kimi", true), ("nova", "nova", true),
    ("granite", "granite", true), ("jamba", "jamba", true), ("nemotron", "nemotron", false), ("yi", "yi", true),
    ("ernie", "ernie", false), ("hunyuan", "hunyuan", false), ("minimax", "minimax", false), ("olmo", "olmo", false),
    ("falcon", "falcon", false), ("dbrx", "dbrx", true), ("solar", "solar", true),
  ]
}
