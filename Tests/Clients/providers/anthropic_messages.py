"""Anthropic's Messages: what they refuse, what a request means, and how they answer."""

import base64
import hashlib
import json
import re

from providers.meaning import Meaning, Refused, only
from providers.openai_chat import pieces

FIELDS = """model messages max_tokens system stream temperature top_p top_k tools tool_choice stop_sequences metadata thinking
service_tier output_config cache_control inference_geo container""".split()
BETA_FIELDS = {"context_management": "context-management", "mcp_servers": "mcp-client", "output_format":
               "structured-outputs"}
BLOCKS = {"text": ("text", "citations"), "image": ("source",), "tool_use": ("id", "name", "input", "caller"),
          "tool_result": ("tool_use_id", "content", "is_error"), "thinking": ("thinking", "signature"),
          "redacted_thinking": ("data",), "document": ("source", "title", "context", "citations")}
NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")


def signature(thought):
    """What proves that a thought is Anthropic's own."""
    return base64.b64encode(hashlib.sha256(b"anthropic" + thought.encode()).digest()).decode()


def read(request):
    body, betas = request.body, request.headers.get("anthropic-beta") or ""
    if request.path.split("?")[0] != "/v1/messages":
        raise Refused(f"Not found: {request.path}")
    if not request.headers.get("anthropic-version") or request.headers.get("x-api-key") != "upstream-key":
        raise Refused("anthropic-version and x-api-key headers are required")
    for key, beta in BETA_FIELDS.items():
        if key in body and beta not in betas:
            raise Refused(f"{key}: Extra inputs are not permitted", key)
    only("", body, FIELDS + list(BETA_FIELDS))
    meaning = Meaning()
    meaning.streams = body.get("stream") is True
    read_limits(body, meaning)
    read_tools(body, meaning)
    form = (body.get("output_config") or {}).get("format") or body.get("output_format")
    if form:
        closed(form["schema"])
        meaning.schema = form["schema"]
    system = body.get("system") or []
    meaning.system = [system] if isinstance(system, str) else [block["text"] for block in system]
    if any(not text.strip() for text in meaning.system):
        raise Refused("system: text content blocks must be non-empty")
    read_messages(body["messages"], meaning)
    return meaning


def read_limits(body, meaning):
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or limit < 1:
        raise Refused("max_tokens: Field required", "max_tokens")
    if limit > 128000:
        raise Refused(f"max_tokens: {limit} > 128000, which is the maximum allowed number of output tokens", "max_tokens")
    if "temperature" in body and "top_p" in body:
        raise Refused("`temperature` and `top_p` cannot both be specified for this model.")
    thinking = body.get("thinking") or {"type": "disabled"}
    if thinking["type"] == "enabled":
        budget = thinking.get("budget_tokens", 0)
        if budget < 1024:
            raise Refused("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        if budget >= limit:
            raise Refused("`max_tokens` must be greater than `thinking.budget_tokens`.")
    elif thinking["type"] not in ("disabled", "adaptive"):
        raise Refused("thinking: Input tag is unknown")
    if thinking["type"] != "disabled" and body.get("temperature", 1) != 1:
        raise Refused("`temperature` may only be set to 1 when thinking is enabled.")
    if thinking["type"] != "disabled" and (body.get("tool_choice") or {}).get("type") in ("any", "tool"):
        raise Refused("Thinking may not be enabled when tool_choice forces tool use.")
    effort = (body.get("output_config") or {}).get("effort")
    if effort not in (None, "low", "medium", "high", "max"):
        raise Refused("output_config.effort: Input should be 'low', 'medium', 'high' or 'max'")
    meaning.thinks = thinking["type"] != "disabled" or effort is not None
    for text in body.get("stop_sequences") or []:
        if not text.strip():
            raise Refused("stop_sequences: each stop sequence must contain non-whitespace")


def read_tools(body, meaning):
    for index, tool in enumerate(body.get("tools") or []):
        if tool.get("type", "").startswith("web_search_"):
            only(f"tools.{index}.", tool, ("type", "name", "max_uses", "allowed_domains", "blocked_domains",
                                           "user_location", "cache_control"))
            meaning.tools[tool["name"]] = {}
        if tool.get("type", "custom") != "custom":
            continue
        where = f"tools.{index}.custom"
        only(where + ".", tool, ("type", "name", "description", "input_schema", "cache_control", "strict",
                                 "eager_input_streaming", "defer_loading", "input_examples", "allowed_callers"))
        schema = tool.get("input_schema")
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise Refused(f"{where}.input_schema.type: Field required")
        if any(key in schema for key in ("oneOf", "allOf", "anyOf")):
            raise Refused(f"{where}.input_schema: does not support oneOf, allOf, or anyOf at the top level")
        if not NAME.fullmatch(tool["name"]):
            raise Refused(f"{where}.name: String should match pattern")
        if tool["name"] in meaning.tools:
            raise Refused("tools: Tool names must be unique.")
        if tool.get("strict"):
            closed(schema)
        meaning.tools[tool["name"]] = schema
    choice = body.get("tool_choice")
    if choice and not body.get("tools"):
        raise Refused("tool_choice may only be specified while providing tools.")
    if choice and choice["type"] == "tool" and choice["name"] not in meaning.tools:
        raise Refused("tool_choice: Tool not found in provided tools.")


def closed(schema):
    """What structured answers ask of schemas."""
    if isinstance(schema, list):
        for value in schema:
            closed(value)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise Refused("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to "
                      "false")
    for key, value in schema.items():
        if key in ("minimum", "maximum", "minLength", "maxLength", "maxItems", "multipleOf"):
            raise Refused(f"output_config.format.schema: property '{key}' is not supported")
        for inner in (value.values() if key in ("properties", "$defs") else
                      value if key in ("anyOf", "allOf") else [value] if key == "items" else []):
            closed(inner)


def read_messages(messages, meaning):
    if not messages or messages[0]["role"] != "user":
        raise Refused("messages: first message must use the \"user\" role")
    pending = set()
    for number, message in enumerate(messages):
        only(f"messages.{number}.", message, ("role", "content"))
        if message["role"] not in ("user", "assistant"):
            raise Refused(f"messages.{number}.role: Input should be 'user' or 'assistant'")
        is_last = number == len(messages) - 1
        blocks = message["content"]
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        if not blocks and not (is_last and message["role"] == "assistant"):
            raise Refused(f"messages.{number}: all messages must have non-empty content")
        answered = {b["tool_use_id"] for b in blocks if b["type"] == "tool_result"}
        if pending - answered:
            raise Refused(f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks immediately "
                          "after")
        if answered - pending:
            raise Refused(f"messages.{number}.content: unexpected `tool_use_id` found in `tool_result` blocks")
        first_other = next((i for i, b in enumerate(blocks) if b["type"] != "tool_result"), len(blocks))
        if any(b["type"] == "tool_result" for b in blocks[first_other:]):
            raise Refused(f"messages.{number}: tool_result blocks must come first in the content")
        pending = set()
        for block in blocks:
            read_block(block, f"messages.{number}.content", message["role"], pending, meaning)
        text = blocks[-1].get("text") if blocks and is_last and message["role"] == "assistant" else None
        if text is not None and text != text.rstrip():
            raise Refused("messages: final assistant content cannot end with trailing whitespace")
    if pending:
        raise Refused("messages: `tool_use` ids were found without `tool_result` blocks immediately after")


def read_block(block, where, role, pending, meaning):
    kind = block["type"]
    if kind not in BLOCKS:
        raise Refused(f"{where}: Input tag '{kind}' found using 'type' does not match any of the expected tags")
    only(f"{where}.{kind}.", block, ("type", "cache_control") + BLOCKS[kind])
    if kind == "text":
        if not block["text"].strip():
            raise Refused("messages: text content blocks must contain non-whitespace text")
        meaning.say(role, ("text", block["text"]))
    elif kind == "image":
        meaning.say(role, image(block["source"], where))
    elif kind == "tool_use":
        if not NAME.fullmatch(block["id"]) or not isinstance(block["input"], dict) or block["id"] in pending:
            raise Refused(f"{where}.tool_use: invalid id or input")
        pending.add(block["id"])
        meaning.say(role, ("call", block["id"], block["name"], block["input"]))
    elif kind == "tool_result":
        content = block.get("content") or []
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        meaning.say(role, ("result", block["tool_use_id"], "\n".join(p["text"] for p in parts if p["type"] == "text")))
        for part in parts:
            if part["type"] == "image":
                meaning.say(role, image(part["source"], where))
    elif kind == "thinking" and block.get("signature") != signature(block["thinking"]):
        raise Refused(f"{where}: Invalid `signature` in `thinking` block")


def image(source, where):
    if source["type"] != "base64" or source["media_type"] not in ("image/png", "image/jpeg", "image/gif", "image/webp"):
        raise Refused(f"{where}.image.source: Input should be a base64 image")
    return "image", source["media_type"], base64.b64decode(source["data"], validate=True)


def error(message, field):
    return {"type": "error", "error": {"type": "invalid_request_error", "message": message}, "request_id": "req_1"}


def usage(counts):
    return {"input_tokens": counts["input"] - counts["cached"], "cache_read_input_tokens": counts["cached"],
            "cache_creation_input_tokens": 0, "output_tokens": counts["output"]}


def blocks(said, name):
    made = []
    if said.get("thought"):
        made.append({"type": "thinking", "thinking": said["thought"], "signature": signature(said["thought"])})
    if said.get("text"):
        made.append({"type": "text", "text": said["text"]})
    for number, call in enumerate(said.get("calls") or []):
        made.append({"type": "tool_use", "id": f"toolu_{name[-8:]}_{number}", "name": call[0], "input": call[1]})
    return made


def whole(model, said, counts, name):
    return {"id": name, "type": "message", "role": "assistant", "model": model, "content": blocks(said, name),
            "stop_reason": "tool_use" if said.get("calls") else "end_turn", "stop_sequence": None, "usage": usage(counts)}


def stream(model, said, counts, name, body):
    def event(kind, **members):
        return kind, {"type": kind, **members}
    start = {**whole(model, said, counts, name), "content": [], "stop_reason": None}
    yield event("message_start", message={**start, "usage": {**start["usage"], "output_tokens": 1}})
    yield event("ping")
    for index, block in enumerate(blocks(said, name)):
        kind = block["type"]
        empty = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}[kind]
        yield event("content_block_start", index=index, content_block={**block, **empty})
        text = block.get("text") or block.get("thinking") or json.dumps(block.get("input"), ensure_ascii=False)
        delta, key = {"text": ("text_delta", "text"), "thinking": ("thinking_delta", "thinking"),
                      "tool_use": ("input_json_delta", "partial_json")}[kind]
        for part in pieces(text):
            yield event("content_block_delta", index=index, delta={"type": delta, key: part})
        if kind == "thinking":
            yield event("content_block_delta", index=index,
                        delta={"type": "signature_delta", "signature": block["signature"]})
        yield event("content_block_stop", index=index)
    yield event("message_delta", delta={"stop_reason": "tool_use" if said.get("calls") else "end_turn",
                                        "stop_sequence": None}, usage={"output_tokens": counts["output"]})
    yield event("message_stop")
