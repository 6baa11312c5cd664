"""The official clients of OpenAI, Anthropic and Google."""

import json

import anthropic
import openai
from google import genai
from google.genai import types

import scenes
from drivers.driver import GATEWAY, KEY, called, place, run, same, same_text, thought

FUNCTION = {"name": "weather", "description": "Weather of a city", "parameters": scenes.WEATHER}


class OpenAIChat:
    name = "openai-chat"

    def __init__(self, model):
        self.model = model
        self.api = openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0).chat.completions

    def messages(self, scene):
        return [{"role": "system", "content": scenes.SYSTEM}, {"role": "user", "content": scenes.question(scene)}]

    def chat(self):
        said = self.api.create(model=self.model, messages=self.messages("chat"))
        same(said.choices[0].message.content, scenes.answer("chat"))
        same(said.choices[0].finish_reason, "stop")
        usage = said.usage
        same((usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens, usage.completion_tokens),
             (scenes.USAGE["input"], scenes.USAGE["cached"], scenes.USAGE["output"]))

    def stream(self):
        chunks = list(self.api.create(model=self.model, messages=self.messages("stream"), stream=True,
                                      stream_options={"include_usage": True}))
        texts = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
        assert len(texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))
        same([c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason], ["stop"])
        same((chunks[-1].choices, chunks[-1].usage.completion_tokens), ([], scenes.USAGE["output"]))

    def tools(self):
        self.loop("tools", ["Paris"], lambda **asked: self.api.create(**asked).choices[0].message)

    def parallel(self):
        def streamed(**asked):
            with openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0).chat.completions.stream(
                    **asked) as stream:
                return stream.get_final_completion().choices[0].message
        self.loop("parallel", ["Paris", "Rome"], streamed)

    def loop(self, scene, cities, ask):
        tools = [{"type": "function", "function": FUNCTION}]
        messages = self.messages(scene)
        said = ask(model=self.model, messages=messages, tools=tools, parallel_tool_calls=len(cities) > 1)
        called([(c.function.name, c.function.arguments) for c in said.tool_calls], *cities)
        messages.append(said.model_dump(exclude_none=True, include={"role", "content", "tool_calls"}))
        # Tools end in any order.
        messages += reversed([{"role": "tool", "tool_call_id": c.id, "content": scenes.RESULTS[city]}
                              for c, city in zip(said.tool_calls, cities)])
        same_text(ask(model=self.model, messages=messages, tools=tools).content, scenes.answer(scene))

    def schema(self):
        form = {"type": "json_schema", "json_schema": {"name": "place", "schema": scenes.PLACE, "strict": True}}
        said = self.api.create(model=self.model, messages=self.messages("schema"), response_format=form)
        place(said.choices[0].message.content)

    def image(self):
        messages = self.messages("image")
        messages[1]["content"] = [{"type": "text", "text": scenes.question("image")},
                                  {"type": "image_url", "image_url": {"url": scenes.PNG_URL}}]
        same_text(self.api.create(model=self.model, messages=messages).choices[0].message.content, "Red.")

    def thinking(self):
        messages = self.messages("thinking")
        said = self.api.create(model=self.model, messages=messages, reasoning_effort="high").choices[0].message
        same_text(said.content, scenes.answer("thinking", 0))
        thought(getattr(said, "reasoning_content", None))
        messages += [said.model_dump(exclude_none=True), {"role": "user", "content": scenes.question("thinking", 1)}]
        said = self.api.create(model=self.model, messages=messages, reasoning_effort="high").choices[0].message
        same_text(said.content, scenes.answer("thinking"))


class OpenAIResponses:
    name = "openai-responses"

    def __init__(self, model):
        self.model = model
        self.api = openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0).responses

    def ask(self, scene, input=None, **more):
        return self.api.create(model=self.model, instructions=scenes.SYSTEM, store=False,
                               input=input or scenes.question(scene), **more)

    def chat(self):
        said = self.ask("chat")
        same((said.output_text, said.status), (scenes.answer("chat"), "completed"))
        same((said.usage.input_tokens, said.usage.input_tokens_details.cached_tokens, said.usage.output_tokens),
             (scenes.USAGE["input"], scenes.USAGE["cached"], scenes.USAGE["output"]))

    def stream(self):
        events = list(self.ask("stream", stream=True))
        texts = [e.delta for e in events if e.type == "response.output_text.delta"]
        assert len(texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))
        same((events[0].type, events[-1].type), ("response.created", "response.completed"))
        same(events[-1].response.output_text, scenes.answer("stream"))
        same([e.sequence_number for e in events], list(range(len(events))))

    def tools(self):
        self.loop("tools", ["Paris"], False)

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"], True)

    def loop(self, scene, cities, streams):
        tools = [{"type": "function", "strict": True, **FUNCTION}]

        def ask(input):
            said = self.ask(scene, input, tools=tools, parallel_tool_calls=len(cities) > 1, stream=streams)
            return [e for e in said if e.type == "response.completed"][0].response if streams else said
        input = [{"role": "user", "content": scenes.question(scene)}]
        said = ask(input)
        calls = [item for item in said.output if item.type == "function_call"]
        called([(c.name, c.arguments) for c in calls], *cities)
        input += [item.model_dump(exclude_none=True) for item in said.output]
        input += [{"type": "function_call_output", "call_id": c.call_id, "output": scenes.RESULTS[city]}
                  for c, city in zip(calls, cities)]
        same_text(ask(input).output_text, scenes.answer(scene))

    def schema(self):
        said = self.ask("schema", text={"format": {"type": "json_schema", "name": "place", "schema": scenes.PLACE,
                                                   "strict": True}})
        place(said.output_text)

    def image(self):
        content = [{"type": "input_text", "text": scenes.question("image")},
                   {"type": "input_image", "image_url": scenes.PNG_URL, "detail": "auto"}]
        same_text(self.ask("image", [{"role": "user", "content": content}]).output_text, "Red.")

    def thinking(self):
        more = {"reasoning": {"effort": "high", "summary": "auto"}, "include": ["reasoning.encrypted_content"]}
        input = [{"role": "user", "content": scenes.question("thinking")}]
        said = self.ask("thinking", input, **more)
        same_text(said.output_text, scenes.answer("thinking", 0))
        thoughts = [part.text for item in said.output if item.type == "reasoning" for part in item.content or []]
        thought("".join(thoughts))
        input += [item.model_dump(exclude_none=True) for item in said.output]
        input.append({"role": "user", "content": scenes.question("thinking", 1)})
        same_text(self.ask("thinking", input, **more).output_text, scenes.answer("thinking"))


class Anthropic:
    name = "anthropic"

    def __init__(self, model):
        self.model = model
        self.api = anthropic.Anthropic(base_url=GATEWAY, api_key=KEY, max_retries=0).messages

    def ask(self, scene, messages=None, **more):
        return self.api.create(model=self.model, max_tokens=4000, system=scenes.SYSTEM,
                               messages=messages or self.user(scene), **more)

    def user(self, scene):
        return [{"role": "user", "content": scenes.question(scene)}]

    def chat(self):
        said = self.ask("chat")
        same((said.content[0].text, said.stop_reason), (scenes.answer("chat"), "end_turn"))
        same((said.usage.input_tokens, said.usage.cache_read_input_tokens, said.usage.output_tokens),
             (scenes.USAGE["input"] - scenes.USAGE["cached"], scenes.USAGE["cached"], scenes.USAGE["output"]))

    def stream(self):
        with self.api.stream(model=self.model, max_tokens=4000, system=scenes.SYSTEM,
                             messages=self.user("stream")) as stream:
            texts = list(stream.text_stream)
            said = stream.get_final_message()
        assert len(texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))
        same((said.stop_reason, said.usage.output_tokens), ("end_turn", scenes.USAGE["output"]))

    def tools(self):
        self.loop("tools", ["Paris"], self.ask)

    def parallel(self):
        def streamed(scene, messages, **more):
            with self.api.stream(model=self.model, max_tokens=4000, system=scenes.SYSTEM, messages=messages,
                                 **more) as stream:
                return stream.get_final_message()
        self.loop("parallel", ["Paris", "Rome"], streamed)

    def loop(self, scene, cities, ask):
        tools = [{"name": "weather", "description": "Weather of a city", "input_schema": scenes.WEATHER}]
        messages = self.user(scene)
        said = ask(scene, messages, tools=tools)
        calls = [block for block in said.content if block.type == "tool_use"]
        called([(c.name, c.input) for c in calls], *cities)
        same(said.stop_reason, "tool_use")
        messages.append({"role": "assistant", "content": [block.model_dump(exclude_none=True, include={
            "type", "text", "id", "name", "input"}) for block in said.content]})
        messages.append({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": c.id, "content": scenes.RESULTS[city]}
            for c, city in zip(calls, cities)]})
        same_text(ask(scene, messages, tools=tools).content[0].text, scenes.answer(scene))

    def schema(self):
        said = self.ask("schema", output_config={"format": {"type": "json_schema", "schema": scenes.PLACE}})
        place(said.content[0].text)

    def image(self):
        source = {"type": "base64", "media_type": "image/png", "data": scenes.PNG_BASE64}
        content = [{"type": "image", "source": source}, {"type": "text", "text": scenes.question("image")}]
        same_text(self.ask("image", [{"role": "user", "content": content}]).content[0].text, "Red.")

    def thinking(self):
        more = {"thinking": {"type": "enabled", "budget_tokens": 2000}}
        messages = self.user("thinking")
        said = self.ask("thinking", messages, **more)
        same_text("".join(b.text for b in said.content if b.type == "text"), scenes.answer("thinking", 0))
        thought("".join(b.thinking for b in said.content if b.type == "thinking"))
        messages.append({"role": "assistant", "content": [b.model_dump(exclude_none=True) for b in said.content]})
        messages.append({"role": "user", "content": scenes.question("thinking", 1)})
        said = self.ask("thinking", messages, **more)
        same_text("".join(b.text for b in said.content if b.type == "text"), scenes.answer("thinking"))


class GoogleGenAI:
    name = "google-genai"

    def __init__(self, model):
        self.model = model
        options = types.HttpOptions(base_url=GATEWAY, headers={"authorization": f"Bearer {KEY}"},
                                    retry_options=types.HttpRetryOptions(attempts=1))
        self.client = genai.Client(api_key=KEY, http_options=options)
        self.api = self.client.models

    def ask(self, scene, contents=None, **more):
        config = types.GenerateContentConfig(system_instruction=scenes.SYSTEM, **more)
        return self.api.generate_content(model=self.model, contents=contents or scenes.question(scene), config=config)

    def chat(self):
        same(self.ask("chat").text, scenes.answer("chat"))

    def stream(self):
        config = types.GenerateContentConfig(system_instruction=scenes.SYSTEM)
        texts = [c.text or "" for c in self.api.generate_content_stream(
            model=self.model, contents=scenes.question("stream"), config=config)]
        same("".join(texts), scenes.answer("stream"))

    def tools(self):
        self.loop("tools", ["Paris"])

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"])

    def loop(self, scene, cities):
        tool = types.Tool(function_declarations=[types.FunctionDeclaration(
            name="weather", description="Weather of a city", parameters_json_schema=scenes.WEATHER)])
        contents = [types.Content(role="user", parts=[types.Part(text=scenes.question(scene))])]
        more = {"tools": [tool], "automatic_function_calling": types.AutomaticFunctionCallingConfig(disable=True)}
        said = self.ask(scene, contents, **more)
        called([(c.name, c.args) for c in said.function_calls], *cities)
        contents.append(said.candidates[0].content)
        contents.append(types.Content(role="user", parts=[types.Part.from_function_response(
            name="weather", response={"result": scenes.RESULTS[city]}) for city in cities]))
        same_text(self.ask(scene, contents, **more).text, scenes.answer(scene))

    def schema(self):
        place(self.ask("schema", response_mime_type="application/json", response_json_schema=scenes.PLACE).text)

    def image(self):
        parts = [types.Part.from_bytes(data=scenes.PNG, mime_type="image/png"),
                 types.Part(text=scenes.question("image"))]
        same_text(self.ask("image", parts).text, "Red.")

    def thinking(self):
        config = types.ThinkingConfig(thinking_budget=2000)
        same_text(self.ask("thinking", thinking_config=config).text, scenes.answer("thinking", 0))


if __name__ == "__main__":
    run(OpenAIChat, OpenAIResponses, Anthropic, GoogleGenAI)
