"""pydantic-ai: agents with tools and typed answers."""

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput
from pydantic_ai.messages import ThinkingPart
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

import anthropic
import openai
import scenes
from drivers.driver import GATEWAY, KEY, place, run, same, same_text, thought


class Place(BaseModel):
    city: str
    population: int


class PydanticAI:
    effort = {}
    typed = NativeOutput(Place)

    def __init__(self, model):
        self.model = self.made(model)

    def made(self, model):
        raise NotImplementedError

    def agent(self, **more):
        return Agent(self.model, system_prompt=scenes.SYSTEM, retries=0, **more)

    def chat(self):
        said = self.agent().run_sync(scenes.question("chat"))
        same_text(said.output, scenes.answer("chat"))
        usage = said.usage() if callable(said.usage) else said.usage
        same((usage.input_tokens, usage.output_tokens), (scenes.USAGE["input"], scenes.USAGE["output"]))

    def stream(self):
        said = self.agent().run_stream_sync(scenes.question("stream"))
        texts = list(said.stream_text(delta=True, debounce_by=None))
        assert len(texts) > 2, texts
        same("".join(texts), scenes.answer("stream"))

    def tools(self):
        self.loop("tools", ["Paris"])

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"])

    def loop(self, scene, cities):
        asked = []
        agent = self.agent()

        @agent.tool_plain
        def weather(city: str) -> str:
            """Weather of a city"""
            asked.append(city)
            return scenes.RESULTS[city]
        same_text(agent.run_sync(scenes.question(scene)).output, scenes.answer(scene))
        same(sorted(asked), cities)

    def schema(self):
        place(self.agent(output_type=self.typed).run_sync(scenes.question("schema")).output)

    def image(self):
        picture = BinaryContent(data=scenes.PNG, media_type="image/png")
        same_text(self.agent().run_sync([scenes.question("image"), picture]).output, "Red.")

    def thinking(self):
        said = self.agent().run_sync(scenes.question("thinking"), model_settings=self.effort)
        same_text(said.output, scenes.answer("thinking", 0))
        thought("".join(part.content for message in said.all_messages() for part in message.parts
                        if isinstance(part, ThinkingPart)))
        more = self.agent().run_sync(scenes.question("thinking", 1), message_history=said.all_messages(),
                                     model_settings=self.effort)
        same_text(more.output, scenes.answer("thinking"))


def openai_provider():
    return OpenAIProvider(openai_client=openai.AsyncOpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0))


class Chat(PydanticAI):
    name = "pydanticai-chat"
    effort = {"openai_reasoning_effort": "high"}

    def made(self, model):
        return OpenAIChatModel(model, provider=openai_provider())


class Responses(PydanticAI):
    name = "pydanticai-responses"
    effort = {"openai_reasoning_effort": "high", "openai_reasoning_summary": "auto"}

    def made(self, model):
        return OpenAIResponsesModel(model, provider=openai_provider())


class Messages(PydanticAI):
    name = "pydanticai-messages"
    typed = Place  # By a tool: of a model that it does not know it asks no schema.
    effort = {"anthropic_thinking": {"type": "enabled", "budget_tokens": 2000}, "max_tokens": 4000}

    def made(self, model):
        client = anthropic.AsyncAnthropic(base_url=GATEWAY, api_key=KEY, max_retries=0)
        return AnthropicModel(model, provider=AnthropicProvider(anthropic_client=client))


if __name__ == "__main__":
    run(Chat, Responses, Messages)
