"""Requests from the body of an OpenAI chat completion, read as the request log reads them."""

import json
from typing import Any, Dict, List

from .router import ASSISTANT, JSON_OBJECT, JSON_SCHEMA, SYSTEM, TEXT, TOOL, USER, Request

_ROLES = {"system": SYSTEM, "developer": SYSTEM, "user": USER, "assistant": ASSISTANT, "tool": TOOL, "function": TOOL}
_FORMATS = {"text": TEXT, "json_object": JSON_OBJECT, "json_schema": JSON_SCHEMA}
_IMAGES = {"image_url", "input_image", "image"}
_TEXTS = {"text", "input_text", "output_text"}


def request_from_chat(body: Dict[str, Any]) -> Request:
    """Reads `messages`, `tools`, `response_format`, `max_tokens`. What is missing or of another form counts as not there."""
    messages = body.get("messages") or []
    tools = [tool.get("function", tool) for tool in body.get("tools") or []]
    response = body.get("response_format") or {}
    response = response if isinstance(response, dict) else {"type": "json_schema"}
    return Request(
        messages=[(_ROLES.get(message.get("role"), USER), _text(message)) for message in messages],
        tools=tuple(tool.get("name") or tool.get("type") or "" for tool in tools),
        tool_schema_bytes=body.get("tool_schema_bytes", sum(_size(tool.get("parameters")) for tool in tools)),
        response_format=_FORMATS.get(response.get("type"), TEXT),
        response_schema_bytes=body.get("response_schema_bytes", _schema_size(response)),
        image_count=body.get("image_count", sum(_images(message) for message in messages)),
        maximum_output_tokens=body.get("max_completion_tokens") or body.get("max_tokens") or 0,
    )


def _parts(message) -> List[Dict[str, Any]]:
    content = message.get("content") or []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _text(message) -> str:
    lines = [part.get("text") or "" for part in _parts(message) if part.get("type") in _TEXTS]
    for call in message.get("tool_calls") or []:
        function = call.get("function", call)
        lines.append(f"{function.get('name')} {function.get('arguments') or ''}".rstrip())
    return "\n".join(lines)


def _images(message) -> int:
    return sum(part.get("type") in _IMAGES for part in _parts(message))


def _size(schema) -> int:
    if schema is None:
        return 0
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _schema_size(response) -> int:
    wrapper = response.get("json_schema")
    return _size(wrapper.get("schema", wrapper)) if isinstance(wrapper, dict) else _size(response.get("schema"))
