"""OpenAI's chat completions for a reasoning model: what it refuses, what a request means, and how it answers."""

import base64
import json
import re

from providers.meaning import Meaning, Refused, arguments, only, strict_schema

FIELDS = """model messages max_tokens max_completion_tokens stream stream_options temperature top_p n stop tools tool_choice
parallel_tool_calls response_format reasoning_effort user seed presence_penalty frequency_penalty logprobs top_logprobs
logit_bias store metadata service_tier prediction modalities audio verbosity web_search_options safety_identifier
prompt_cache_key prompt_cache_retention functions function_call""".split()
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
EFFORTS = ("minimal", "low", "medium", "high")


def read(request):
    if request.path != "/v1/chat/completions":
        raise Refused(f"Invalid URL (POST {request.path})")
    if request.headers.get("authorization") != "Bearer upstream-key":
        raise Refused("Incorrect API key provided.")
    return meaning_of(request.body)


def meaning_of(body):
    only("", body, FIELDS)
    refuse_for_reasoning_model(body)
    meaning = Meaning()
    meaning.streams = body.get("stream") is True
    if body.get("stream_options") is not None and not meaning.streams:
        raise Refused("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in EFFORTS:
        raise Refused(f"Unsupported value: 'reasoning_effort' does not support '{effort}'.", "reasoning_effort")
    meaning.thinks = effort is not None
    read_tools(body, meaning)
    read_format(body.get("response_format"), meaning)
    if not body.get("messages"):
        raise Refused("Invalid 'messages': empty array.", "messages")
    pending = []
    for index, message in enumerate(body["messages"]):
        pending = read_message(message, f"messages[{index}]", pending, meaning)
    if pending:
        raise Refused("An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                      "'tool_call_id'.", "messages")
    return meaning


def refuse_for_reasoning_model(body):
    if body.get("max_tokens") is not None:
        raise Refused("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                      "'max_completion_tokens' instead.", "max_tokens")
    for key in ("temperature", "top_p", "presence_penalty", "frequency_penalty"):
        fine = 0 if key.endswith("penalty") else 1
        if body.get(key) not in (None, fine):
            raise Refused(f"Unsupported value: '{key}' does not support {body[key]} with this model.", key)
    for key in ("stop", "logprobs", "top_logprobs", "logit_bias"):
        if body.get(key) not in (None, False):
            raise Refused(f"Unsupported parameter: '{key}' is not supported with this model.", key)
    if len(body.get("user") or "") > 64:
        raise Refused("Invalid 'user': string too long.", "user")


def read_tools(body, meaning):
    tools = body.get("tools")
    if tools == []:
        raise Refused("Invalid 'tools': empty array.", "tools")
    for index, tool in enumerate(tools or []):
        where = f"tools[{index}]"
        if tool.get("type") != "function":
            raise Refused(f"Invalid value: '{tool.get('type')}'.", where + ".type")
        only(where + ".", tool, ("type", "function"))
        function = tool["function"]
        only(where + ".function.", function, ("name", "description", "parameters", "strict"))
        if not NAME.fullmatch(function.get("name", "")):
            raise Refused(f"Invalid '{where}.function.name'.", where + ".function.name")
        schema = function.get("parameters", {"type": "object", "properties": {}})
        if schema.get("type") != "object" or "properties" not in schema:
            raise Refused(f"Invalid schema for function '{function['name']}': object schema missing properties.",
                          where + ".function.parameters")
        if function.get("strict"):
            strict_schema(schema, f"function '{function['name']}'")
        meaning.tools[function["name"]] = schema
    if not tools:
        for key in ("parallel_tool_calls", "tool_choice"):
            if body.get(key) not in (None, "none"):
                raise Refused(f"Invalid value for '{key}': '{key}' is only allowed when 'tools' are specified.", key)
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["function"]["name"] not in meaning.tools:
        raise Refused("Tool choice names no tool.", "tool_choice")
    elif isinstance(choice, str) and choice not in ("none", "auto", "required"):
        raise Refused(f"Invalid value: '{choice}'.", "tool_choice")


def read_format(form, meaning):
    if not form or form["type"] == "text":
        return
    if form["type"] == "json_object":
        meaning.schema = {}
        return
    schema = form["json_schema"]
    if not NAME.fullmatch(schema.get("name", "")):
        raise Refused("Invalid 'response_format.json_schema.name'.", "response_format.json_schema.name")
    if schema.get("strict"):
        strict_schema(schema.get("schema"), "response_format")
    meaning.schema = schema.get("schema")


def read_message(message, where, pending, meaning):
    """Reads one message; gives back the calls that still wait for a result."""
    role = message.get("role")
    if role == "tool":
        if message.get("tool_call_id") not in pending:
            raise Refused("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                          "'tool_calls'.", where + ".role")
        parts = content(message.get("content"), where, ("text",))
        meaning.say("user", ("result", message["tool_call_id"], "\n".join(p[1] for p in parts)))
        return [i for i in pending if i != message["tool_call_id"]]
    if pending:
        raise Refused("An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                      "'tool_call_id'.", where + ".role")
    if role in ("system", "developer"):
        meaning.system += [p[1] for p in content(message.get("content"), where, ("text",))]
    elif role == "user":
        meaning.say("user", *content(message.get("content"), where, ("text", "image_url")))
    elif role == "assistant":
        calls = message.get("tool_calls")
        if calls == []:
            raise Refused(f"Invalid '{where}.tool_calls': empty array.", where + ".tool_calls")
        items = []
        if message.get("content") is not None or not calls:
            items = content(message.get("content"), where, ("text", "refusal"))
        for call in calls or []:
            if not 1 <= len(call.get("id") or "") <= 40 or call.get("type") != "function":
                raise Refused(f"Invalid '{where}.tool_calls'.", where + ".tool_calls")
            function = call["function"]
            if not NAME.fullmatch(function["name"]):
                raise Refused(f"Invalid '{where}.tool_calls.function.name'.", where)
            items.append(("call", call["id"], function["name"], arguments(function["arguments"])))
        meaning.say("assistant", *items)
        return [call["id"] for call in calls or []]
    else:
        raise Refused(f"Invalid value: '{role}'.", where + ".role")
    return []


def content(value, where, kinds):
    if value is None:
        raise Refused("Invalid value for 'content': expected a string, got null.", where + ".content")
    if value == []:
        raise Refused(f"Invalid '{where}.content': empty array.", where + ".content")
    if isinstance(value, str):
        return [("text", value)]
    items = []
    for part in value:
        if part["type"] not in kinds:
            raise Refused(f"Invalid content type '{part['type']}'.", where + ".content")
        if part["type"] == "image_url":
            found = re.fullmatch(r"data:(image/(?:png|jpeg|gif|webp));base64,(.*)", part["image_url"]["url"])
            if not found:
                raise Refused("Invalid image URL.", where + ".content")
            items.append(("image", found.group(1), base64.b64decode(found.group(2), validate=True)))
        else:
            items.append(("text", part[part["type"]]))
    return items


def error(message, field):
    return {"error": {"message": message, "type": "invalid_request_error", "param": field, "code": None}}


def usage(counts):
    return {"prompt_tokens": counts["input"], "completion_tokens": counts["output"],
            "total_tokens": counts["input"] + counts["output"],
            "prompt_tokens_details": {"cached_tokens": counts["cached"]},
            "completion_tokens_details": {"reasoning_tokens": counts["reasoning"]}}


def whole(model, said, counts, name):
    message = {"role": "assistant", "content": said.get("text"), "refusal": None}
    if said.get("thought"):
        message["reasoning_content"] = said["thought"]
    if said.get("calls"):
        message["tool_calls"] = [calling(c, n, name) for n, c in enumerate(said["calls"])]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if said.get("calls") else "stop"}
    return {"id": name, "object": "chat.completion", "created": 1750000000, "model": model, "choices": [choice],
            "usage": usage(counts)}


def calling(call, number, name):
    return {"id": f"call_{name[-8:]}_{number}", "type": "function",
            "function": {"name": call[0], "arguments": json.dumps(call[1], ensure_ascii=False)}}


def stream(model, said, counts, name, body):
    base = {"id": name, "object": "chat.completion.chunk", "created": 1750000000, "model": model}

    def chunk(delta, finish=None):
        return None, {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    yield chunk({"role": "assistant", "content": "" if said.get("text") else None})
    for part in pieces(said.get("thought")):
        yield chunk({"reasoning_content": part})
    for part in pieces(said.get("text")):
        yield chunk({"content": part})
    for number, call in enumerate(said.get("calls") or []):
        whole_call = calling(call, number, name)
        text = whole_call["function"].pop("arguments")
        yield chunk({"tool_calls": [{"index": number, **whole_call,
                                     "function": {**whole_call["function"], "arguments": ""}}]})
        for part in pieces(text):
            yield chunk({"tool_calls": [{"index": number, "function": {"arguments": part}}]})
    yield chunk({}, "tool_calls" if said.get("calls") else "stop")
    if (body.get("stream_options") or {}).get("include_usage"):
        yield None, {**base, "choices": [], "usage": usage(counts)}
    yield None, "[DONE]"


def pieces(text, size=5):
    return [text[i:i + size] for i in range(0, len(text or ""), size)]
