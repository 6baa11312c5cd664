"""What the matrix asks and what it must get, shared by the clients' drivers and by the providers that answer them.

A scene is a conversation written down once. A driver says its questions in its client's own way and checks the answers; a
provider reads what reaches it, compares it with the same scene, and answers. So a cell of the matrix says that meaning
came through in both directions.
"""

import base64
import struct
import zlib

SYSTEM = "You are terse. Ünïcode is fine."


def _png():
    """A red picture of 24 by 24."""
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\xd0\x10\x10" * 24 for _ in range(24))
    return (b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0))
            + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))


PNG = _png()
PNG_BASE64 = base64.b64encode(PNG).decode()
PNG_URL = "data:image/png;base64," + PNG_BASE64

WEATHER = {"type": "object", "properties": {"city": {"type": "string", "description": "Its name"}},
           "required": ["city"], "additionalProperties": False}
RESULTS = {"Paris": "sunny, 21 °C", "Rome": "rain, 15 °C"}
PLACE = {"type": "object", "properties": {"city": {"type": "string"}, "population": {"type": "integer"}},
         "required": ["city", "population"], "additionalProperties": False}
PLACE_ANSWER = {"city": "Paris", "population": 2102650}
THOUGHT = "Seventeen times 23: 340 and 51."
USAGE = {"input": 120, "cached": 20, "output": 34, "reasoning": 8}

# Each step: what the user says (or "results" of the calls before), and what the model answers.
SCENES = {
    "chat": [("matrix chat: Wie heißt die Hauptstadt von Frankreich? 🗼", {"text": "Paris. 🗼 Évidemment."})],
    "stream": [("matrix stream: Wie heißt die Hauptstadt von Italien? 🏛", {"text": "Rom. 🏛 Naturalmente, 是."})],
    "tools": [("matrix tools: the weather in Paris?", {"calls": ["Paris"]}),
              ("results", {"text": "It is sunny in Paris."})],
    "parallel": [("matrix parallel: the weather in Paris and in Rome?", {"calls": ["Paris", "Rome"]}),
                 ("results", {"text": "Sunny in Paris, rain in Rome."})],
    "schema": [("matrix schema: where is the Eiffel tower?", {"object": PLACE_ANSWER})],
    "image": [("matrix image: which colour is this?", {"text": "Red."})],
    "thinking": [("matrix thinking: how much is 17 times 23?", {"text": "391.", "thought": THOUGHT}),
                 ("And twice that?", {"text": "782.", "thought": "Twice 391."})],
}
TITLES = {"chat": "chat", "stream": "stream", "tools": "tools", "parallel": "parallel tools", "schema": "JSON schema",
          "image": "images", "thinking": "thinking"}
KINDS = {"openai": "gpt-5", "anthropic": "claude-opus-4-6", "gemini": "gemini-2.5-flash", "azure": "gpt-5",
         "bedrock": "us.anthropic.claude-opus-4-6-v1"}


def question(scene, step=0):
    return SCENES[scene][step][0]


def answer(scene, step=-1):
    return SCENES[scene][step][1]["text"]

# LlamaIndex takes no names but those of Anthropic's models that it knows: a target may be called so.
NAMES = {"llamaindex-messages": {"openai": "claude-opus-4-1-20250805", "anthropic": "claude-sonnet-4-5-20250929",
                                 "gemini": "claude-opus-4-20250514", "azure": "claude-opus-4-1",
                                 "bedrock": "claude-sonnet-4-5"}}


def target(client, kind):
    """The name by which a client asks for a kind of provider."""
    return NAMES.get(client, {}).get(kind, f"{kind}-{client}")
