import ChatProtocols

/// A provider as LiteLLM names it before the slash of a model, and how it is spoken to here. Source: LiteLLM's
/// documentation, "Providers".
struct LiteLLMProvider {
  let kind: ProviderKind

  /// Where the public service is, where that is not the kind's own place.
  var baseURL: String?

  /// The variable that holds the key where the configuration names none; `nil` for none.
  var keyVariable: String?

  /// What LiteLLM adds to a base URL that does not end with it.
  var suffix = ""

  /// The provider of a model that begins with `name/`.
  init?(named name: String) {
    switch name {
    case "openai", "text-completion-openai":
      self.init(.openai, nil, "OPENAI_API_KEY")
    case "azure": self.init(.azure, nil, "AZURE_API_KEY")
    case "azure_ai": self.init(.openai, nil, "AZURE_AI_API_KEY")
    case "anthropic": self.init(.anthropic, nil, "ANTHROPIC_API_KEY", suffix: "/v1")
    case "gemini": self.init(.gemini, nil, "GEMINI_API_KEY")
    case "vertex_ai", "vertex_ai_beta": self.init(.vertex, nil, nil)
    case "bedrock", "bedrock_converse": self.init(.bedrock, nil, nil)
    case "ollama", "ollama_chat": self.init(.openai, "http://localhost:11434/v1", nil, suffix: "/v1")
    case "hosted_vllm", "vllm", "lm_studio", "llamafile", "openai_like", "custom_openai", "litellm_proxy":
      self.init(.openai, nil, nil)
    default:
      guard let (baseURL, variable) = Self.likeOpenAI[name] else { return nil }
      self.init(.openai, baseURL, variable)
    }
  }

  private init(_ kind: ProviderKind, _ baseURL: String?, _ keyVariable: String?, suffix: String = "") {
    (self.kind, self.baseURL, self.keyVariable, self.suffix) = (kind, baseURL, keyVariable, suffix)
  }

  /// Services that speak as OpenAI does.
  private static let likeOpenAI: [String: (baseURL: String, variable: String)] = [
    "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "together_ai": ("https://api.together.xyz/v1", "TOGETHERAI_API_KEY"),
    "fireworks_ai": ("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    "xai": ("https://api.x.ai/v1", "XAI_API_KEY"),
    "perplexity": ("https://api.perplexity.ai", "PERPLEXITYAI_API_KEY"),
    "cerebras": ("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    "nvidia_nim": ("https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY"),
    "sambanova": ("https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"),
    "deepinfra": ("https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
    "moonshot": ("https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
    "cohere": ("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY"),
    "cohere_chat": ("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY"),
    "huggingface": ("https://router.huggingface.co/v1", "HF_TOKEN"),
  ]

  /// The name before the slash of a model that has none: LiteLLM knows well-known models without.
  static func name(ofBare model: String) -> String? {
    let families: [(String, [String])] = [
      ("openai", ["gpt-", "o1", "o3", "o4", "chatgpt-", "text-embedding-", "ft:gpt"]), ("anthropic", ["claude"]),
      ("bedrock", ["anthropic.", "amazon.", "meta.", "mistral.", "us.", "eu.", "apac.", "global."]),
      ("vertex_ai", ["gemini"]), ("cohere", ["command-"]),
    ]
    return families.first { $0.1.contains { model.hasPrefix($0) } }?.0
  }
}
