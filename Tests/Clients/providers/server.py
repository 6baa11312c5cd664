"""The providers of the matrix on loopback: /CLIENT/KIND/… is the provider of that kind as that client's targets reach it.

A request is refused where the real service would refuse it, and where it does not mean what its scene has. Both are
remembered, so that a cell can say which it was.
"""

import dataclasses
import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import scenes
from providers import anthropic_messages, azure_openai, bedrock_converse, gemini, meaning, openai_chat

KINDS = {"openai": openai_chat, "anthropic": anthropic_messages, "gemini": gemini, "azure": azure_openai,
         "bedrock": bedrock_converse}


@dataclasses.dataclass
class Request:
    """What came, below the provider's own address; `full_path` is the whole path."""
    path: str
    full_path: str
    headers: object
    body: dict
    raw: bytes


class Changed(Exception):
    """A request that does not mean what was sent."""


class Providers:
    def __init__(self, answerer=None):
        """`answerer(client, meaning, body)` gives what to answer, or None for the scenes' own."""
        self.answerer = answerer
        self.lock = threading.Lock()
        self.seen = []  # (client, kind, scene, fault): fault is None, ("refused", why) or ("changed", what).
        self.numbers = itertools.count(1)
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"providers": self}))
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def note(self, *what):
        with self.lock:
            self.seen.append(what)

    def take(self):
        """What was seen since the last time."""
        with self.lock:
            seen, self.seen = self.seen, []
        return seen

    def said(self, client, read, body):
        """What the model answers, in the words of a scene with `calls` resolved."""
        if self.answerer:
            return self.answerer(client, read, body)
        if read.scene is None:
            return {"text": "ok"}
        changed = meaning.differences(client, read)
        if changed:
            raise Changed(f"not what was sent: {changed}")
        said = dict(scenes.SCENES[read.scene][read.step][1])
        if "calls" in said:
            said["calls"] = meaning.calls_of(client, said["calls"])
        if "object" in said:
            tool = meaning.schema_tool(read)
            said = {"calls": [(tool, said["object"])]} if tool else {
                "text": json.dumps(said["object"], ensure_ascii=False)}
        return said


def server_sent(name, event):
    """One server-sent event."""
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
    return ((f"event: {name}\n" if name else "") + f"data: {text}\n\n").encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    providers = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["content-length"]))
        _, client, kind, *rest = self.path.split("/")
        codec = KINDS[kind]
        path = "/" + "/".join(rest)
        body = json.loads(raw)
        if path.split("?")[0].endswith("/count_tokens"):
            return self.json(200, {"input_tokens": 42})
        scene = None
        try:
            read = codec.read(Request(path, self.path, self.headers, body, raw))
            scene = read.scene
            said = self.providers.said(client, read, body)
        except Changed as error:
            self.providers.note(client, kind, scene, ("changed", str(error)))
            return self.json(400, codec.error(str(error), None))
        except meaning.Refused as error:
            self.providers.note(client, kind, scene, ("refused", str(error)))
            return self.json(400, codec.error(str(error), error.field))
        except Exception as error:  # noqa: BLE001: a body that cannot even be read is a fault too
            self.providers.note(client, kind, scene, ("refused", f"unreadable: {type(error).__name__}: {error}"))
            return self.json(400, codec.error("unreadable", None))
        self.providers.note(client, kind, scene, None)
        if kind == "gemini" and not (body.get("generationConfig") or {}).get("thinkingConfig", {}).get(
                "includeThoughts"):
            said = {**said, "thought": None}
        name = f"answer{next(self.providers.numbers):08}"
        model = scenes.KINDS[kind]
        if not read.streams:
            return self.json(200, codec.whole(model, said, scenes.USAGE, name))
        self.stream(codec.stream(model, said, scenes.USAGE, name, body), getattr(codec, "frame", server_sent),
                    getattr(codec, "MEDIA", "text/event-stream"))

    def json(self, status, value):
        data = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events, frame, media):
        self.send_response(200)
        self.send_header("content-type", media)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for name, event in events:
            data = frame(name, event)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
