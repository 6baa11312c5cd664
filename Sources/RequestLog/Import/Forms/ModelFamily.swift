/// Names that models of a family have in common: what tells a model's name from another word.
enum ModelFamily {
  private static let names: Set<String> = [
    "gpt", "chatgpt", "davinci", "claude", "haiku", "sonnet", "opus", "llama", "gemini", "gemma", "palm", "mistral",
    "mixtral", "ministral", "codestral", "qwen", "qwq", "deepseek", "phi", "command", "nova", "titan", "jamba", "grok",
    "falcon", "vicuna", "alpaca", "wizardlm", "yi", "glm", "chatglm", "kimi", "dbrx", "mpt", "olmo", "granite",
    "nemotron", "hermes", "zephyr", "starcoder", "codellama", "dolly", "koala", "o1", "o3", "o4",
  ]

  /// Whether one of the words of a name is a family, also where digits follow: `gpt4`, `llama3`.
  static func isNamed(in name: String) -> Bool {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { word in
      names.contains(String(word)) || names.contains(String(word.prefix { $0.isLetter }))
    }
  }
}
