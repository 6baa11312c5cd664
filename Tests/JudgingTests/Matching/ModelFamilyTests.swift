import Testing

@testable import Judging

struct ModelFamilyTests {
  @Test(arguments: [
    ("gpt-4o", "gpt-4o"), ("openai/gpt-4o", "azure/GPT-4o"), ("gpt-4o-mini", "openai/gpt-4.1"), ("o3-mini", "gpt-4o"),
    ("chatgpt-4o-latest", "o1"), ("claude-3-5-haiku", "anthropic.claude-opus-4"), ("gemma-2-9b-it", "gemini-1.5-pro"),
    ("meta-llama/Llama-3.1-8B", "llama3-70b"), ("deepseek-r1-distill-llama-70b", "llama-3"),
    ("mixtral-8x7b", "mistral-large"),
    ("my-own", "vendor/My-Own"), ("qwen2.5-72b", "QwQ-32B"), ("command-r-plus", "command-a"),
  ])
  func knowsRelatives(one: String, other: String) {
    #expect(ModelFamily.areRelated(one, other) && ModelFamily.areRelated(other, one))
  }

  @Test(arguments: [
    ("gpt-4o", "claude-3-5-sonnet"), ("small", "frontier"), ("judge-1", "model-1"), ("phi-3", "philosopher"),
    ("solar-pro", "solaris"), ("my-own-a", "my-own-b"), ("gemini-pro", "gpt-4o"), ("nova-pro", "novation"),
    ("", "gpt-4o"),
  ])
  func tellsStrangersApart(one: String, other: String) {
    #expect(!ModelFamily.areRelated(one, other))
  }
}
