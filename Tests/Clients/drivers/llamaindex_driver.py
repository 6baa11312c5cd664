"""LlamaIndex: its model for servers that speak as OpenAI does, and Anthropic's."""

import base64

from llama_index.core.base.llms.types import ChatMessage, ImageBlock, MessageRole, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.llms.anthropic import Anthropic
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

import scenes
from drivers.driver import GATEWAY, KEY, called, place, run, same, same_text


class Place(BaseModel):
    city: str
    population: int


def weather(city: str) -> str:
    """Weather of a city"""
    return scenes.RESULTS[city]


TOOL = FunctionTool.from_defaults(fn=weather, name="weather", description="Weather of a city")


class LlamaIndex:
    def __init__(self, model):
        self.model = model

    def messages(self, scene):
        return [ChatMessage(role=MessageRole.SYSTEM, content=scenes.SYSTEM),
                ChatMessage(role=MessageRole.USER, content=scenes.question(scene))]

    def chat(self):
        same_text(self.make().chat(self.messages("chat")).message.content, scenes.answer("chat"))

    def stream(self):
        texts = [part.delta for part in self.make().stream_chat(self.messages("stream"))]
        assert sum(bool(text) for text in texts) > 2, texts
        same("".join(text or "" for text in texts), scenes.answer("stream"))

    def tools(self):
        self.loop("tools", ["Paris"])

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"])

    def loop(self, scene, cities):
        llm = self.make()
        messages = self.messages(scene)
        more = {"allow_parallel_tool_calls": len(cities) > 1}
        said = llm.chat_with_tools([TOOL], chat_history=messages, **more)
        calls = llm.get_tool_calls_from_response(said)
        called([(c.tool_name, c.tool_kwargs) for c in calls], *cities)
        messages.append(said.message)
        messages += [ChatMessage(role=MessageRole.TOOL, content=scenes.RESULTS[city],
                                 additional_kwargs={"tool_call_id": c.tool_id}) for c, city in zip(calls, cities)]
        same_text(llm.chat_with_tools([TOOL], chat_history=messages, **more).message.content, scenes.answer(scene))

    def schema(self):
        said = self.make().as_structured_llm(Place).chat(self.messages("schema"))
        place(said.raw)

    def image(self):
        blocks = [TextBlock(text=scenes.question("image")), ImageBlock(image=base64.b64encode(scenes.PNG),
                                                                        image_mimetype="image/png")]
        messages = [self.messages("image")[0], ChatMessage(role=MessageRole.USER, blocks=blocks)]
        same_text(self.make().chat(messages).message.content, "Red.")

    def thinking(self):
        llm = self.thinker()
        messages = self.messages("thinking")
        said = llm.chat(messages).message
        same_text(said.content, scenes.answer("thinking", 0))
        messages += [said, ChatMessage(role=MessageRole.USER, content=scenes.question("thinking", 1))]
        same_text(llm.chat(messages).message.content, scenes.answer("thinking"))


class Chat(LlamaIndex):
    name = "llamaindex-chat"

    def make(self, **more):
        return OpenAILike(model=self.model, api_base=f"{GATEWAY}/v1", api_key=KEY, max_retries=0, is_chat_model=True,
                          is_function_calling_model=True, context_window=100000, **more)

    def thinker(self):
        return self.make(additional_kwargs={"reasoning_effort": "high"})


class Messages(LlamaIndex):
    name = "llamaindex-messages"

    def make(self, **more):
        return Anthropic(model=self.model, base_url=GATEWAY, api_key=KEY, max_retries=0, max_tokens=4000, **more)

    def thinker(self):
        return self.make(thinking_dict={"type": "enabled", "budget_tokens": 2000}, temperature=1.0)


if __name__ == "__main__":
    run(Chat, Messages)
