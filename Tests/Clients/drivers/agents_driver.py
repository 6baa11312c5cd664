"""OpenAI's agents SDK: a loop of its own around tools."""

from agents import (Agent, AsyncOpenAI, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner,
                    function_tool, set_tracing_disabled)
from openai.types.shared import Reasoning
from pydantic import BaseModel

import asyncio

import scenes
from drivers.driver import GATEWAY, KEY, place, run, same, same_text

set_tracing_disabled(True)


class Place(BaseModel):
    city: str
    population: int


class Agents:
    settings = {}

    def __init__(self, model):
        self.model = model

    def agent(self, settings=None, **more):
        client = AsyncOpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0)
        return Agent(name="matrix", instructions=scenes.SYSTEM, model=self.speaks(self.model, client),
                     model_settings=ModelSettings(**self.settings, **settings or {}), **more)

    def chat(self):
        said = Runner.run_sync(self.agent(), scenes.question("chat"))
        same_text(said.final_output, scenes.answer("chat"))
        usage = said.raw_responses[0].usage
        same((usage.input_tokens, usage.input_tokens_details.cached_tokens, usage.output_tokens),
             (scenes.USAGE["input"], scenes.USAGE["cached"], scenes.USAGE["output"]))

    def streamed(self, agent, asked):
        async def all_of_it():
            said = Runner.run_streamed(agent, asked)
            texts = [event.data.delta async for event in said.stream_events()
                     if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"]
            return said.final_output, texts
        return asyncio.run(all_of_it())

    def stream(self):
        said, texts = self.streamed(self.agent(), scenes.question("stream"))
        assert len(texts) > 2, texts
        same(("".join(texts), said), (scenes.answer("stream"),) * 2)

    def tools(self):
        self.loop("tools", ["Paris"], lambda agent, asked: Runner.run_sync(agent, asked).final_output)

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"], lambda agent, asked: self.streamed(agent, asked)[0])

    def loop(self, scene, cities, ask):
        asked = []

        @function_tool
        def weather(city: str) -> str:
            """Weather of a city"""
            asked.append(city)
            return scenes.RESULTS[city]
        agent = self.agent({"parallel_tool_calls": True} if len(cities) > 1 else {}, tools=[weather])
        same_text(ask(agent, scenes.question(scene)), scenes.answer(scene))
        same(sorted(asked), cities)

    def schema(self):
        place(Runner.run_sync(self.agent(output_type=Place), scenes.question("schema")).final_output)

    def image(self):
        content = [{"type": "input_text", "text": scenes.question("image")},
                   {"type": "input_image", "image_url": scenes.PNG_URL, "detail": "auto"}]
        said = Runner.run_sync(self.agent(), [{"role": "user", "content": content}])
        same_text(said.final_output, "Red.")

    def thinking(self):
        agent = self.agent({"reasoning": Reasoning(effort="high", **self.summary)})
        said = Runner.run_sync(agent, scenes.question("thinking"))
        same_text(said.final_output, scenes.answer("thinking", 0))
        items = said.to_input_list() + [{"role": "user", "content": scenes.question("thinking", 1)}]
        same_text(Runner.run_sync(agent, items).final_output, scenes.answer("thinking"))


class Responses(Agents):
    name = "agents-responses"
    settings = {"store": False, "response_include": ["reasoning.encrypted_content"]}
    summary = {"summary": "auto"}
    speaks = OpenAIResponsesModel


class Chat(Agents):
    name = "agents-chat"
    summary = {}
    speaks = OpenAIChatCompletionsModel


if __name__ == "__main__":
    run(Responses, Chat)
