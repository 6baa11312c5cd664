"""instructor: typed answers by way of a tool that must be called."""

from collections.abc import Iterable

import anthropic
import instructor
import openai
from pydantic import BaseModel

import scenes
from drivers.driver import GATEWAY, KEY, place, run, same, same_text


class Place(BaseModel):
    city: str
    population: int


class weather(BaseModel):  # noqa: N801: the tool is named after it
    """Weather of a city"""
    city: str


class Instructor:
    limits = {}

    def __init__(self, model):
        self.model = model

    def ask(self, scene, response_model, content=None, **more):
        messages = [{"role": "system", "content": scenes.SYSTEM},
                    {"role": "user", "content": content or scenes.question(scene)}]
        return self.client().chat.completions.create(
            model=self.model, messages=messages, response_model=response_model, max_retries=0, **self.limits, **more)

    def schema(self):
        place(self.ask("schema", Place))

    def image(self):
        picture = instructor.Image.from_base64(scenes.PNG_URL)
        same_text(self.text(self.ask("image", None, [scenes.question("image"), picture])), "Red.")

    def chat(self):
        same_text(self.text(self.ask("chat", None)), scenes.answer("chat"))


class Chat(Instructor):
    name = "instructor-chat"

    def parallel(self):
        called = self.client(instructor.Mode.PARALLEL_TOOLS).chat.completions.create(
            model=self.model, response_model=Iterable[weather],
            messages=[{"role": "system", "content": scenes.SYSTEM},
                      {"role": "user", "content": scenes.question("parallel")}])
        same([call.city for call in called], ["Paris", "Rome"])

    def client(self, mode=instructor.Mode.TOOLS):
        return instructor.from_openai(openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0), mode=mode)

    def text(self, said):
        return said.choices[0].message.content

    def thinking(self):
        same_text(self.text(self.ask("thinking", None, reasoning_effort="high")), scenes.answer("thinking", 0))


class Messages(Instructor):
    name = "instructor-messages"
    limits = {"max_tokens": 4000}

    def client(self, mode=instructor.Mode.ANTHROPIC_TOOLS):
        return instructor.from_anthropic(anthropic.Anthropic(base_url=GATEWAY, api_key=KEY, max_retries=0), mode=mode)

    def text(self, said):
        return "".join(block.text for block in said.content if block.type == "text")

    def thinking(self):
        said = self.ask("thinking", None, thinking={"type": "enabled", "budget_tokens": 2000})
        same_text(self.text(said), scenes.answer("thinking", 0))


if __name__ == "__main__":
    run(Chat, Messages)
