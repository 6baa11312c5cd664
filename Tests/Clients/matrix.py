"""The matrix of clients and kinds of providers: runs it, prints it, writes it into the documentation.

    matrix.py [--gateway PATH] [--check | --control] [--only CLIENT,…] [--venvs FOLDER]

Environments are made by uv from the pinned requirements where they are not there yet. Mocks and gateway listen on
loopback. Without --only the page of the documentation is written, or with --check compared. With --control the providers
expect and say something else in every scene: then no cell may pass. Exit code 1 where a cell is a fault, or passes the
control; 2 where the page differs.
"""

import argparse
import hashlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request

import scenes
from providers import bedrock_converse
from providers.server import Providers

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "Sources/Ockham/Ockham.docc/Clients.md"
KEY = "matrix-key"

# Driver, requirements, and its clients: the name in results, how the page calls it, what it speaks.
DRIVERS = [
    ("official", "requirements.txt", [
        ("openai-chat", "openai", "chat completions"), ("openai-responses", "openai", "responses"),
        ("anthropic", "anthropic", "messages"), ("google-genai", "google-genai", "generateContent")]),
    ("langchain_driver", "requirements-frameworks.txt", [
        ("langchain-chat", "LangChain `ChatOpenAI`", "chat completions"),
        ("langchain-responses", "LangChain `ChatOpenAI`", "responses"),
        ("langchain-messages", "LangChain `ChatAnthropic`", "messages")]),
    ("llamaindex_driver", "requirements-llamaindex.txt", [
        ("llamaindex-chat", "LlamaIndex `OpenAILike`", "chat completions"),
        ("llamaindex-messages", "LlamaIndex `Anthropic`", "messages")]),
    ("pydanticai_driver", "requirements-frameworks.txt", [
        ("pydanticai-chat", "pydantic-ai `OpenAIChatModel`", "chat completions"),
        ("pydanticai-responses", "pydantic-ai `OpenAIResponsesModel`", "responses"),
        ("pydanticai-messages", "pydantic-ai `AnthropicModel`", "messages")]),
    ("instructor_driver", "requirements-frameworks.txt", [
        ("instructor-chat", "instructor", "chat completions"), ("instructor-messages", "instructor", "messages")]),
    ("agents_driver", "requirements-frameworks.txt", [
        ("agents-responses", "openai-agents", "responses"), ("agents-chat", "openai-agents", "chat completions")]),
    ("litellm_driver", "requirements-frameworks.txt", [
        ("litellm-chat", "LiteLLM SDK `openai/`", "chat completions"),
        ("litellm-responses", "LiteLLM SDK `responses`", "responses"),
        ("litellm-messages", "LiteLLM SDK `anthropic/`", "messages")]),
    ("claude_code_driver", "requirements.txt", [("claude-code", "Claude Code", "messages")]),
]
CLIENTS = [client for _, _, clients in DRIVERS for client in clients]


def configuration(providers, folder, port):
    """A target for each client and kind, each with a provider of its own, so that what one learns no other has."""
    lines = [f"listen: 127.0.0.1:{port}", "providers:"]
    bases = {"openai": "/v1", "anthropic": "/v1", "gemini": "/v1beta", "azure": "", "bedrock": ""}
    access = {"bedrock": "region: us-east-1, key_env: ACCESS_KEY, key_parts_env: {secret: ACCESS_SECRET}"}
    names = [name for name, _, _ in CLIENTS] + ["codex"]
    for name in names:
        for kind in scenes.KINDS:
            lines.append(f'  {kind}-{name}: {{kind: {kind}, base_url: "{providers.url}/{name}/{kind}{bases[kind]}", '
                         f"{access.get(kind, 'key_env: UPSTREAM_KEY')}}}")
    lines.append("tiers:")
    for tier, kind in zip(("small", "mid", "frontier"), scenes.KINDS):
        lines.append(f"  - {{name: {tier}, targets: [{{provider: {kind}-{CLIENTS[0][0]}, model: {scenes.KINDS[kind]}}}]}}")
    lines.append("targets:")
    for name in names:
        for kind, model in scenes.KINDS.items():
            lines.append(f"  - {{name: {scenes.target(name, kind)}, provider: {kind}-{name}, model: {model}}}")
    lines += ["keys:", f"  - {{name: matrix, sha256: {hashlib.sha256(KEY.encode()).hexdigest()}}}",
              "breaker: {min_requests: 100000}", "retries: {attempts_per_target: 1}",
              f"telemetry: {{path: {folder}/gateway.sqlite}}"]
    path = folder / "gateway.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


class Gateway:
    def __init__(self, binary, providers):
        self.folder = tempfile.TemporaryDirectory(prefix="ockham-matrix-")
        folder = pathlib.Path(self.folder.name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [str(binary), "--config", str(configuration(providers, folder, port)), "--model", str(ROOT / "models/starter")],
            env={**os.environ, "UPSTREAM_KEY": "upstream-key", "ACCESS_KEY": bedrock_converse.ACCESS,
                 "ACCESS_SECRET": bedrock_converse.SECRET}, stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url + "/ready", timeout=1).read()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        sys.exit("the gateway did not start:\n" + (folder / "log").read_text()[-2000:])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()
        self.folder.cleanup()


def environment(folder, requirements):
    """The Python of a throw-away environment with pinned packages."""
    venv = folder / requirements.removesuffix(".txt")
    stamp, wanted = venv / "requirements.txt", (HERE / requirements).read_text()
    python = venv / "bin/python"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run(["uv", "venv", "-q", "--clear", str(venv)], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), "-r", str(HERE / requirements)], check=True)
        stamp.write_text(wanted)
    return python


def drive(driver, python, gateway, providers, only):
    """The cells of one driver, each with what its providers saw."""
    home = tempfile.TemporaryDirectory(prefix="ockham-home-")
    env = {"PATH": os.environ["PATH"], "HOME": home.name, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
           "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "OPENAI_AGENTS_DISABLE_TRACING": "1",
           "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1,localhost"}
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.run([str(python), "-m", f"drivers.{driver}", gateway.url, only or ""], cwd=HERE, env=env,
                                 stdout=subprocess.PIPE, stderr=complaints, text=True, timeout=1800)
        if process.returncode != 0:
            complaints.seek(0)
            sys.exit(f"{driver} ended with {process.returncode}:\n{complaints.read()[-3000:]}")
    cells = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
    faults = [seen for seen in providers.take() if seen[3]]
    for cell in cells:
        cell["refused"] = [f[3] for f in faults if f[:3] == (cell["client"], cell["kind"], cell["scene"])]
    home.cleanup()
    return cells


def word(cell):
    """What a cell of the page says; None for a fault."""
    if cell["result"] == "works":
        return "yes"
    if cell["result"] == "none":
        return "–"
    code = cell["detail"].split(" ", 1)[0].removeprefix("code=")
    if cell["result"] == "error" and not cell["refused"] and code in ("method_not_allowed", "unsupported_feature"):
        return f"`{code}`"
    return None


def table(cells, kind):
    heads = list(scenes.TITLES.values())
    lines = ["| client | speaks | " + " | ".join(heads) + " |", "| --- | --- |" + " :-: |" * len(heads)]
    for name, title, speaks in CLIENTS:
        row = [cells[(name, kind, scene)] for scene in scenes.TITLES if (name, kind, scene) in cells]
        if row:
            lines.append(f"| {title} | {speaks} | " + " | ".join(word(cell) or "**fault**" for cell in row) + " |")
    return "\n".join(lines)


def page(cells):
    """The page with the tables of these cells and the versions of the clients."""
    versions = {}
    for file in HERE.glob("requirements*.txt"):
        for line in file.read_text().split():
            name, version = line.split("==")
            versions.setdefault(name.split("[")[0], set()).add(version)
    named = textwrap.fill("Versions: " + ", ".join(
        f"{name} {' and '.join(sorted(found))}" for name, found in sorted(versions.items())) + ".", 130)
    text = replaced(PAGE.read_text(), "versions", named)
    for kind in scenes.KINDS:
        text = replaced(text, kind, f"\n{table(cells, kind)}\n")
    return text


def replaced(text, name, content):
    head, rest = text.split(f"<!-- {name} -->", 1)
    return f"{head}<!-- {name} -->{content}<!-- end -->" + rest.split("<!-- end -->", 1)[1]


def spoil():
    """Changes, for the providers alone, something in every scene that they or the clients must notice."""
    scenes.RESULTS.update(Paris="snow", Rome="fog")
    scenes.SCENES["parallel"][0][1]["calls"] = ["Rome", "Paris"]
    for scene in ("tools", "parallel"):
        scenes.SCENES[scene][1][1]["text"] += "."
    scenes.PLACE["properties"]["population"] = {"type": "boolean"}
    scenes.PNG += b"more"
    asked, said = scenes.SCENES["chat"][0]
    scenes.SCENES["chat"] = [(asked + "?", said)]
    scenes.SCENES["stream"][0][1]["text"] += "."
    scenes.SCENES["thinking"][0][1]["text"] = "392."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", type=pathlib.Path, default=ROOT / ".build/release/ockham-gateway")
    parser.add_argument("--venvs", type=pathlib.Path, default=ROOT / ".build/clients")
    parser.add_argument("--only")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    if asked.control:
        spoil()
    providers = Providers()
    gateway = Gateway(asked.gateway.resolve(), providers)
    cells = {}
    try:
        for driver, requirements, clients in DRIVERS:
            if asked.only and not set(asked.only.split(",")) & {name for name, _, _ in clients}:
                continue
            python = environment(asked.venvs.resolve(), requirements)
            for cell in drive(driver, python, gateway, providers, asked.only):
                cells[(cell["client"], cell["kind"], cell["scene"])] = cell
                if not asked.control and (word(cell) is None or cell["refused"]):
                    print(f"{cell['client']} {cell['kind']} {cell['scene']}: {cell['result']} {cell['detail'][:300]}"
                          f" {str(cell['refused'][:3])[:300]}", flush=True)
    finally:
        gateway.stop()
        providers.stop()
    for kind in scenes.KINDS:
        print(f"\n{kind}\n{table(cells, kind)}")
    faults = sum(word(cell) is None for cell in cells.values())
    works = sum(word(cell) == "yes" for cell in cells.values())
    refused = sum(bool(cell["refused"]) for cell in cells.values())
    print(f"\n{len(cells)} cells: {works} work, {faults} faults; {refused} had a request refused on the way")
    if asked.control:
        sys.exit(1 if works else 0)
    if faults:
        sys.exit(1)
    if asked.only:
        return
    if not asked.check:
        PAGE.write_text(page(cells))
    elif PAGE.read_text() != page(cells):
        print(f"{PAGE.relative_to(ROOT)} differs from what was measured")
        sys.exit(2)


if __name__ == "__main__":
    main()
