"""LangChain's chat models of OpenAI and Anthropic."""

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

import scenes
from drivers.driver import GATEWAY, KEY, called, place, run, same, same_text, thought


class Place(BaseModel):
    city: str
    population: int


@tool
def weather(city: str) -> str:
    """Weather of a city"""
    return scenes.RESULTS[city]


class LangChain:
    def __init__(self, model):
        self.model = model

    def make(self, **more):
        raise NotImplementedError

    def thinker(self):
        raise NotImplementedError

    def messages(self, scene):
        return [SystemMessage(scenes.SYSTEM), HumanMessage(scenes.question(scene))]

    def chat(self):
        said = self.make().invoke(self.messages("chat"))
        same_text(said.text, scenes.answer("chat"))
        usage = said.usage_metadata
        same((usage["input_tokens"], usage["output_tokens"]), (scenes.USAGE["input"], scenes.USAGE["output"]))
        same(usage["input_token_details"]["cache_read"], scenes.USAGE["cached"])

    def stream(self):
        texts = [chunk.text for chunk in self.make().stream(self.messages("stream"))]
        assert sum(bool(text) for text in texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))

    def tools(self):
        self.loop("tools", ["Paris"], lambda model, messages: model.invoke(messages))

    def parallel(self):
        def streamed(model, messages):
            whole = None
            for chunk in model.stream(messages):
                whole = chunk if whole is None else whole + chunk
            return whole
        self.loop("parallel", ["Paris", "Rome"], streamed)

    def loop(self, scene, cities, ask):
        model = self.make().bind_tools([weather])
        messages = self.messages(scene)
        said = ask(model, messages)
        called([(c["name"], c["args"]) for c in said.tool_calls], *cities)
        messages.append(said)
        messages += [ToolMessage(weather.invoke(c["args"]), tool_call_id=c["id"]) for c in said.tool_calls]
        same_text(ask(model, messages).text, scenes.answer(scene))

    def schema(self):
        place(self.make().with_structured_output(Place, method="json_schema").invoke(self.messages("schema")))

    def image(self):
        part = {"type": "image", "base64": scenes.PNG_BASE64, "mime_type": "image/png"}
        content = [{"type": "text", "text": scenes.question("image")}, part]
        same_text(self.make().invoke([SystemMessage(scenes.SYSTEM), HumanMessage(content)]).text, "Red.")

    def thinking(self):
        messages = self.messages("thinking")
        model = self.thinker()
        said = model.invoke(messages)
        same_text(said.text, scenes.answer("thinking", 0))
        thought("".join(b.get("reasoning", "") for b in said.content_blocks if b["type"] == "reasoning"))
        messages += [said, HumanMessage(scenes.question("thinking", 1))]
        same_text(model.invoke(messages).text, scenes.answer("thinking"))


class Chat(LangChain):
    name = "langchain-chat"

    def make(self, **more):
        return ChatOpenAI(model=self.model, base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0, **more)

    def thinker(self):
        return self.make(reasoning_effort="high")


class Responses(Chat):
    name = "langchain-responses"

    def make(self, **more):
        return super().make(use_responses_api=True, output_version="responses/v1", store=False, **more)

    def thinker(self):
        return self.make(reasoning={"effort": "high", "summary": "auto"}, include=["reasoning.encrypted_content"])


class Messages(LangChain):
    name = "langchain-messages"

    def make(self, **more):
        return ChatAnthropic(model=self.model, base_url=GATEWAY, api_key=KEY, max_retries=0, **more)

    def thinker(self):
        return self.make(thinking={"type": "enabled", "budget_tokens": 2000}, max_tokens=4000)


if __name__ == "__main__":
    run(Chat, Responses, Messages)
