"""Claude Code: the command line that claude-agent-sdk carries, with its default settings."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import scenes
from drivers.driver import GATEWAY, KEY, place, run, same, same_text

PROGRAM = next(pathlib.Path(sys.prefix).rglob("_bundled/claude"))


class ClaudeCode:
    name = "claude-code"

    def __init__(self, model):
        self.model = model

    def ask(self, prompt, *options, environment=None, lines=None):
        """Runs the program on a prompt, or on lines of its own input form; gives back its events."""
        home = tempfile.TemporaryDirectory(prefix="ockham-claude-")
        env = {**os.environ, "HOME": home.name, "ANTHROPIC_BASE_URL": GATEWAY, "ANTHROPIC_AUTH_TOKEN": KEY,
               "ANTHROPIC_MODEL": self.model, "ANTHROPIC_DEFAULT_HAIKU_MODEL": self.model,
               "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "CLAUDE_CODE_MAX_RETRIES": "0", **(environment or {})}
        command = [str(PROGRAM), "-p", "--output-format", "stream-json", "--verbose", "--allowedTools", "Bash(echo:*)",
                   "--max-turns", "6", *options]
        if lines:
            command += ["--input-format", "stream-json"]
        else:
            command.append(prompt)
        done = subprocess.run(command, env=env, cwd=home.name, input=lines or "", capture_output=True, text=True,
                              timeout=120)
        home.cleanup()
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        result = next((event for event in events if event["type"] == "result"), None)
        if result is None or result.get("is_error"):
            raise RuntimeError(f"{result or done.stdout[-600:]} {done.stderr[-600:]}")
        return events, result

    def chat(self):
        same_text(self.ask(scenes.question("chat"))[1]["result"], scenes.answer("chat"))

    def stream(self):
        events, result = self.ask(scenes.question("stream"), "--include-partial-messages")
        deltas = [event["event"]["delta"] for event in events if event["type"] == "stream_event"
                  and event["event"]["type"] == "content_block_delta"]
        texts = [delta["text"] for delta in deltas if delta["type"] == "text_delta"]
        assert len(texts) > 2, texts
        same(("".join(texts), result["result"]), (scenes.answer("stream"),) * 2)

    def tools(self):
        self.loop("tools", ["Paris"])

    def parallel(self):
        self.loop("parallel", ["Paris", "Rome"])

    def loop(self, scene, cities):
        events, result = self.ask(scenes.question(scene))
        calls = [block for event in events if event["type"] == "assistant" for block in event["message"]["content"]
                 if block["type"] == "tool_use"]
        same([call["name"] for call in calls], ["Bash"] * len(cities))
        same_text(result["result"], scenes.answer(scene))

    def schema(self):
        _, result = self.ask(scenes.question("schema"), "--json-schema", json.dumps(scenes.PLACE))
        place(result.get("structured_output"))

    def image(self):
        source = {"type": "base64", "media_type": "image/png", "data": scenes.PNG_BASE64}
        content = [{"type": "text", "text": scenes.question("image")}, {"type": "image", "source": source}]
        line = {"type": "user", "message": {"role": "user", "content": content}}
        same_text(self.ask(None, lines=json.dumps(line) + "\n")[1]["result"], "Red.")

    def thinking(self):
        _, result = self.ask(scenes.question("thinking"), environment={"MAX_THINKING_TOKENS": "4000"})
        same_text(result["result"], scenes.answer("thinking", 0))


if __name__ == "__main__":
    run(ClaudeCode)
