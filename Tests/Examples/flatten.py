"""Writes requests.jsonl in a form that a program without a JSON library reads in a few lines.

One `key value` a line, an empty line after each request; in values, a backslash is written \\\\ and a line feed \\n.
"""

import json
import sys

ROLES = {"system": 0, "developer": 0, "user": 1, "assistant": 2, "tool": 3}
FORMATS = {"text": 0, "json_object": 1, "json_schema": 2}
FINISHES = {"stop": 1, "length": 2, "tool_calls": 3, "content_filter": 4, "other": 5}


def lines(request):
    yield "id", request["id"]
    for message in request["messages"]:
        yield f"message{ROLES[message['role']]}", message["content"]
    for tool in request.get("tools", []):
        yield "tool", tool["name"]
    yield "format", FORMATS[request.get("response_format", {"type": "text"})["type"]]
    for key in "tool_schema_bytes", "response_schema_bytes", "image_count", "max_tokens":
        yield key, request.get(key, 0)
    if "response" in request:
        yield from response_lines(request["response"])


def response_lines(response):
    """Facts as the numbers of ockham.h; those that are not known are left out."""
    yield "answered", response["tier"]
    yield "text", response["text"]
    for call in response.get("tool_calls", []):
        yield "call", call["name"]
        yield "arguments", call["arguments"]
    for key in "json_valid", "schema_valid", "tool_calls_valid":
        if key in response:
            yield key, 2 if response[key] else 1
    if "finish_reason" in response:
        yield "finish_reason", FINISHES[response["finish_reason"]]
    for key in "mean_logprob", "minimum_logprob", "logprob_spread":
        if key in response:
            yield key, response[key]


def escape(value):
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")


for line in open(sys.argv[1], encoding="utf-8"):
    for key, value in lines(json.loads(line)):
        print(key, escape(value))
    print()
