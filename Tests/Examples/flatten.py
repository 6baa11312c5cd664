"""Writes requests.jsonl in a form that a program without a JSON library reads in a few lines.

One `key value` a line, an empty line after each request; in values, a backslash is written \\\\ and a line feed \\n.
"""

import json
import sys

ROLES = {"system": 0, "developer": 0, "user": 1, "assistant": 2, "tool": 3}
FORMATS = {"text": 0, "json_object": 1, "json_schema": 2}


def lines(request):
    yield "id", request["id"]
    for message in request["messages"]:
        yield f"message{ROLES[message['role']]}", message["content"]
    for tool in request.get("tools", []):
        yield "tool", tool["name"]
    yield "format", FORMATS[request.get("response_format", {"type": "text"})["type"]]
    for key in "tool_schema_bytes", "response_schema_bytes", "image_count", "max_tokens":
        yield key, request.get(key, 0)


def escape(value):
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")


for line in open(sys.argv[1], encoding="utf-8"):
    for key, value in lines(json.loads(line)):
        print(key, escape(value))
    print()
