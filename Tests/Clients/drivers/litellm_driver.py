"""LiteLLM's SDK, which speaks to the gateway as to a server of its providers."""

import litellm

import scenes
from drivers.driver import GATEWAY, KEY, called, place, run, same, same_text, thought

FUNCTION = {"name": "weather", "description": "Weather of a city", "parameters": scenes.WEATHER}


class LiteLLM:
    def __init__(self, model):
        self.model = f"{self.provider}/{model}"

    def ask(self, messages, **more):
        return litellm.completion(model=self.model, api_base=self.base, api_key=KEY, num_retries=0, max_retries=0,
                                  messages=messages, **more)

    def messages(self, scene):
        return [{"role": "system", "content": scenes.SYSTEM}, {"role": "user", "content": scenes.question(scene)}]

    def chat(self):
        said = self.ask(self.messages("chat"))
        same_text(said.choices[0].message.content, scenes.answer("chat"))
        same((said.usage.prompt_tokens, said.usage.prompt_tokens_details.cached_tokens, said.usage.completion_tokens),
             (scenes.USAGE["input"], scenes.USAGE["cached"], scenes.USAGE["output"]))

    def stream(self):
        texts = [c.choices[0].delta.content for c in self.ask(self.messages("stream"), stream=True) if c.choices]
        assert sum(bool(text) for text in texts) > 2, texts
        same("".join(text or "" for text in texts), scenes.answer("stream"))

    def tools(self):
        self.loop("tools", ["Paris"], lambda messages, **more: self.ask(messages, **more))

    def parallel(self):
        def streamed(messages, **more):
            return litellm.stream_chunk_builder(list(self.ask(messages, stream=True, **more)), messages=messages)
        self.loop("parallel", ["Paris", "Rome"], streamed)

    def loop(self, scene, cities, ask):
        tools = [{"type": "function", "function": FUNCTION}]
        messages = self.messages(scene)
        said = ask(messages, tools=tools).choices[0].message
        called([(c.function.name, c.function.arguments) for c in said.tool_calls], *cities)
        messages.append(said.model_dump(exclude_none=True))
        messages += [{"role": "tool", "tool_call_id": c.id, "content": scenes.RESULTS[city]}
                     for c, city in zip(said.tool_calls, cities)]
        same_text(ask(messages, tools=tools).choices[0].message.content, scenes.answer(scene))

    def schema(self):
        form = {"type": "json_schema", "json_schema": {"name": "place", "schema": scenes.PLACE, "strict": True}}
        place(self.ask(self.messages("schema"), response_format=form).choices[0].message.content)

    def image(self):
        messages = self.messages("image")
        messages[1]["content"] = [{"type": "text", "text": scenes.question("image")},
                                  {"type": "image_url", "image_url": {"url": scenes.PNG_URL}}]
        same_text(self.ask(messages).choices[0].message.content, "Red.")

    def thinking(self):
        messages = self.messages("thinking")
        said = self.ask(messages, **self.thinks).choices[0].message
        same_text(said.content, scenes.answer("thinking", 0))
        thought(getattr(said, "reasoning_content", None))
        messages += [said.model_dump(exclude_none=True), {"role": "user", "content": scenes.question("thinking", 1)}]
        same_text(self.ask(messages, **self.thinks).choices[0].message.content, scenes.answer("thinking"))


class Chat(LiteLLM):
    name = "litellm-chat"
    provider, base = "openai", f"{GATEWAY}/v1"
    thinks = {"reasoning_effort": "high", "allowed_openai_params": ["reasoning_effort"]}


class Messages(LiteLLM):
    name = "litellm-messages"
    provider, base = "anthropic", GATEWAY
    thinks = {"thinking": {"type": "enabled", "budget_tokens": 2000}, "max_tokens": 4000,
              "allowed_openai_params": ["thinking"]}


class Responses(LiteLLM):
    name = "litellm-responses"
    provider, base = "openai", f"{GATEWAY}/v1"

    def __init__(self, model):
        super().__init__(model)
        # Of models that it does not know it asks no stream, but makes one of the whole answer.
        litellm.register_model({self.model: {"litellm_provider": "openai", "mode": "responses",
                                             "supports_native_streaming": True, "supports_reasoning": True}})

    def respond(self, scene, input=None, **more):
        return litellm.responses(model=self.model, api_base=self.base, api_key=KEY, num_retries=0, max_retries=0,
                                 instructions=scenes.SYSTEM, store=False, input=input or scenes.question(scene), **more)

    @staticmethod
    def text(said):
        return "".join(part.text for item in said.output if item.type == "message" for part in item.content)

    def chat(self):
        said = self.respond("chat")
        same_text(self.text(said), scenes.answer("chat"))
        same((said.usage.input_tokens, said.usage.output_tokens), (scenes.USAGE["input"], scenes.USAGE["output"]))

    def stream(self):
        texts = [e.delta for e in self.respond("stream", stream=True) if e.type == "response.output_text.delta"]
        assert len(texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))

    def loop(self, scene, cities, ask):
        tools = [{"type": "function", **FUNCTION}]
        input = [{"role": "user", "content": scenes.question(scene)}]
        said = self.respond(scene, input, tools=tools)
        calls = [item for item in said.output if item.type == "function_call"]
        called([(c.name, c.arguments) for c in calls], *cities)
        input += [{"type": "function_call", "call_id": c.call_id, "name": c.name, "arguments": c.arguments}
                  for c in calls]
        input += [{"type": "function_call_output", "call_id": c.call_id, "output": scenes.RESULTS[city]}
                  for c, city in zip(calls, cities)]
        same_text(self.text(self.respond(scene, input, tools=tools)), scenes.answer(scene))

    def schema(self):
        form = {"format": {"type": "json_schema", "name": "place", "schema": scenes.PLACE, "strict": True}}
        place(self.text(self.respond("schema", text=form)))

    def image(self):
        content = [{"type": "input_text", "text": scenes.question("image")},
                   {"type": "input_image", "image_url": scenes.PNG_URL, "detail": "auto"}]
        same_text(self.text(self.respond("image", [{"role": "user", "content": content}])), "Red.")

    def thinking(self):
        more = {"reasoning": {"effort": "high", "summary": "auto"}}
        said = self.respond("thinking", **more)
        same_text(self.text(said), scenes.answer("thinking", 0))
        input = [{"role": "user", "content": scenes.question("thinking")}]
        input += [item.model_dump(exclude_none=True) if hasattr(item, "model_dump") else item for item in said.output]
        input.append({"role": "user", "content": scenes.question("thinking", 1)})
        same_text(self.text(self.respond("thinking", input, **more)), scenes.answer("thinking"))


if __name__ == "__main__":
    run(Chat, Responses, Messages)
