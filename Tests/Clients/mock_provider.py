"""A provider on loopback that speaks as OpenAI and as Anthropic do, for the clients' scenarios.

What it answers follows from the request alone, so that scenarios can say what they expect. The last user text steers it:
`fail N` fails N times with 500 before it answers, `limit` answers 429 once, `refuse` answers 400, `tool` calls a tool,
`cut` ends a stream in the middle; everything else is answered with `echo: <text>`.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

counts = {}
lock = threading.Lock()


def seen(key):
    with lock:
        counts[key] = counts.get(key, 0) + 1
        return counts[key]


def text_of(content):
    if isinstance(content, str):
        return content
    return "\n".join(p.get("text", "") for p in content or [] if p.get("type") == "text")


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        user = text_of([m for m in body["messages"] if m["role"] in ("user", "tool")][-1]["content"])
        if user.startswith("fail ") and seen(user) <= int(user.split()[1]):
            return self.json(500, {"error": {"message": "broken", "type": "server_error"}})
        if user.startswith("limit") and seen(user) == 1:
            return self.json(429, {"error": {"message": "slow down", "type": "rate_limit"}}, {"retry-after": "1"})
        if user.startswith("refuse"):
            return self.json(400, {"error": {"message": "not like this", "type": "invalid_request_error"}})
        speak = self.anthropic if self.path.endswith("/messages") else self.openai
        speak(body, user)

    def openai(self, body, user):
        tool = user.startswith("tool") and body.get("tools")
        reply = json.dumps({"city": "Paris"}) if body.get("response_format") else f"echo: {user}"
        usage = {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19,
                 "prompt_tokens_details": {"cached_tokens": 4}}
        name = body["tools"][0]["function"]["name"] if tool else None
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": '{"city":"Paris"}'}}
        base = {"id": "chatcmpl-1", "created": 1700000000, "model": body["model"] + "-2024"}
        if not body.get("stream"):
            message = {"role": "assistant", "content": None if tool else reply}
            if tool:
                message["tool_calls"] = [call]
            choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if tool else "stop"}
            return self.json(200, {**base, "object": "chat.completion", "choices": [choice], "usage": usage})
        self.stream()
        chunk = {**base, "object": "chat.completion.chunk"}
        send = lambda delta, finish=None: self.event(
            {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        send({"role": "assistant", "content": ""})
        if tool:
            send({"tool_calls": [{"index": 0, **call, "function": {"name": name, "arguments": ""}}]})
            for part in ('{"city"', ':"Paris"}'):
                send({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
        for word in [] if tool else reply.split(" "):
            send({"content": word + " "})
            if user.startswith("cut"):
                return self.end(whole=False)
        send({}, "tool_calls" if tool else "stop")
        if (body.get("stream_options") or {}).get("include_usage"):
            self.event({**chunk, "choices": [], "usage": usage})
        self.raw(b"data: [DONE]\n\n")
        self.end()

    def anthropic(self, body, user):
        tool = user.startswith("tool") and body.get("tools")
        usage = {"input_tokens": 8, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 0, "output_tokens": 7}
        block = ({"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": {"city": "Paris"}}
                 if tool else {"type": "text", "text": f"echo: {user}"})
        stop = "tool_use" if tool else "end_turn"
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [block],
                   "stop_reason": stop, "stop_sequence": None, "usage": usage}
        if not body.get("stream"):
            return self.json(200, message)
        self.stream()
        named = lambda event: self.event(event, event["type"])
        named({"type": "message_start", "message": {**message, "content": [], "stop_reason": None,
                                                    "usage": {**usage, "output_tokens": 1}}})
        named({"type": "content_block_start", "index": 0,
               "content_block": {**block, "input": {}} if tool else {"type": "text", "text": ""}})
        if tool:
            named({"type": "content_block_delta", "index": 0,
                   "delta": {"type": "input_json_delta", "partial_json": '{"city":"Paris"}'}})
        for word in [] if tool else block["text"].split(" "):
            named({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word + " "}})
        named({"type": "content_block_stop", "index": 0})
        named({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
               "usage": {"output_tokens": 7}})
        named({"type": "message_stop"})
        self.end()

    def json(self, status, value, headers={}):
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", "content-length": str(len(data)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def stream(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def raw(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def event(self, value, name=None):
        self.raw((f"event: {name}\n" if name else "").encode() + b"data: " + json.dumps(value).encode() + b"\n\n")

    def end(self, whole=True):
        if whole:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
