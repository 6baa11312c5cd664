package import TextKit

extension PriceCatalogue {
  /// The catalogue that comes with the gateway: public list prices of well-known models, as published in 2026, without
  /// batch, priority and regional prices.
  ///
  /// Prices change and contracts differ: check yours, and give a file of your own, whose entries win.
  package static let shipped = PriceCatalogue(
    prices: (try? PriceCatalogue(json: Array(shippedJSON.utf8)))?.prices ?? [:])

  static let shippedJSON = """
    {
      "gpt-4o-mini": {
        "input_cost_per_token": 0.15e-6, "output_cost_per_token": 0.6e-6, "cache_read_input_token_cost": 0.075e-6,
        "max_input_tokens": 128000, "max_output_tokens": 16384
      },
      "gpt-4o": {
        "input_cost_per_token": 2.5e-6, "output_cost_per_token": 10e-6, "cache_read_input_token_cost": 1.25e-6,
        "max_input_tokens": 128000, "max_output_tokens": 16384
      },
      "gpt-4.1-nano": {
        "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.4e-6, "cache_read_input_token_cost": 0.025e-6,
        "max_input_tokens": 1047576, "max_output_tokens": 32768
      },
      "gpt-4.1-mini": {
        "input_cost_per_token": 0.4e-6, "output_cost_per_token": 1.6e-6, "cache_read_input_token_cost": 0.1e-6,
        "max_input_tokens": 1047576, "max_output_tokens": 32768
      },
      "gpt-4.1": {
        "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6, "cache_read_input_token_cost": 0.5e-6,
        "max_input_tokens": 1047576, "max_output_tokens": 32768
      },
      "gpt-5-nano": {
        "input_cost_per_token": 0.05e-6, "output_cost_per_token": 0.4e-6, "cache_read_input_token_cost": 0.005e-6,
        "max_input_tokens": 272000, "max_output_tokens": 128000
      },
      "gpt-5-mini": {
        "input_cost_per_token": 0.25e-6, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 0.025e-6,
        "max_input_tokens": 272000, "max_output_tokens": 128000
      },
      "gpt-5": {
        "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6, "cache_read_input_token_cost": 0.125e-6,
        "max_input_tokens": 272000, "max_output_tokens": 128000
      },
      "o3": {
        "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6, "cache_read_input_token_cost": 0.5e-6,
        "max_input_tokens": 200000, "max_output_tokens": 100000
      },
      "o4-mini": {
        "input_cost_per_token": 1.1e-6, "output_cost_per_token": 4.4e-6, "cache_read_input_token_cost": 0.275e-6,
        "max_input_tokens": 200000, "max_output_tokens": 100000
      },
      "claude-haiku-4-5": {
        "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6, "cache_read_input_token_cost": 0.1e-6,
        "cache_creation_input_token_cost": 1.25e-6, "max_input_tokens": 200000, "max_output_tokens": 64000
      },
      "claude-sonnet-4-5": {
        "input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6, "cache_read_input_token_cost": 0.3e-6,
        "cache_creation_input_token_cost": 3.75e-6, "max_input_tokens": 200000, "max_output_tokens": 64000
      },
      "claude-opus-4-1": {
        "input_cost_per_token": 15e-6, "output_cost_per_token": 75e-6, "cache_read_input_token_cost": 1.5e-6,
        "cache_creation_input_token_cost": 18.75e-6, "max_input_tokens": 200000, "max_output_tokens": 32000
      },
      "claude-opus-4-5": {
        "input_cost_per_token": 5e-6, "output_cost_per_token": 25e-6, "cache_read_input_token_cost": 0.5e-6,
        "cache_creation_input_token_cost": 6.25e-6, "max_input_tokens": 200000, "max_output_tokens": 64000
      },
      "gemini-2.5-flash-lite": {
        "input_cost_per_token": 0.1e-6, "output_cost_per_token": 0.4e-6, "cache_read_input_token_cost": 0.01e-6,
        "max_input_tokens": 1048576, "max_output_tokens": 65535
      },
      "gemini-2.5-flash": {
        "input_cost_per_token": 0.3e-6, "output_cost_per_token": 2.5e-6, "cache_read_input_token_cost": 0.03e-6,
        "max_input_tokens": 1048576, "max_output_tokens": 65535
      },
      "gemini-2.5-pro": {
        "input_cost_per_token": 1.25e-6, "output_cost_per_token": 10e-6, "cache_read_input_token_cost": 0.125e-6,
        "max_input_tokens": 1048576, "max_output_tokens": 65536, "input_cost_per_token_above_200k_tokens": 2.5e-6,
        "output_cost_per_token_above_200k_tokens": 15e-6, "cache_read_input_token_cost_above_200k_tokens": 0.25e-6
      },
      "deepseek-chat": {
        "input_cost_per_token": 0.28e-6, "output_cost_per_token": 0.42e-6, "cache_read_input_token_cost": 0.028e-6,
        "max_input_tokens": 131072, "max_output_tokens": 8192
      },
      "text-embedding-3-small": {
        "input_cost_per_token": 0.02e-6, "output_cost_per_token": 0, "max_input_tokens": 8191
      },
      "text-embedding-3-large": {
        "input_cost_per_token": 0.13e-6, "output_cost_per_token": 0, "max_input_tokens": 8191
      }
    }
    """
}
