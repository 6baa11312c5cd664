"""Amazon Bedrock's Converse with one of Anthropic's models: what it refuses, what a request means, and how it answers."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import struct
import urllib.parse

import scenes
from providers.anthropic_messages import closed, signature
from providers.meaning import Meaning, Refused, only
from providers.openai_chat import pieces

ACCESS, SECRET, REGION = "AKIAMATRIX", "matrix/secret", "us-east-1"
MEDIA = "application/vnd.amazon.eventstream"
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def read(request):
    verify(request)
    path = urllib.parse.unquote(request.path)
    if not path.startswith(f"/model/{scenes.KINDS['bedrock']}/converse"):
        raise Refused("The provided model identifier is invalid.")
    body = request.body
    only("", body, ("messages", "system", "inferenceConfig", "toolConfig", "outputConfig", "additionalModelRequestFields",
                    "additionalModelResponseFieldPaths", "guardrailConfig", "performanceConfig", "requestMetadata"))
    meaning = Meaning()
    meaning.streams = path.endswith("/converse-stream")
    only("inferenceConfig.", body.get("inferenceConfig") or {}, ("maxTokens", "temperature", "topP", "stopSequences"))
    meaning.system = [block["text"] for block in body.get("system") or [] if "text" in block]
    if any(not text.strip() for text in meaning.system):
        raise Refused("The text field in the SystemContentBlock object is blank.")
    read_tools(body.get("toolConfig"), meaning)
    read_output(body, meaning)
    read_messages(body["messages"], meaning)
    return meaning


def verify(request):
    """Signs the request once more, and compares."""
    said = request.headers.get("authorization") or ""
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\S+)", said)
    if not found:
        raise Refused("The request signature is missing.")
    credential, names, proof = found.groups()
    date = request.headers["x-amz-date"]
    scope = f"{date[:8]}/{REGION}/bedrock/aws4_request"
    if credential != f"{ACCESS}/{scope}" or "host" not in names.split(";"):
        raise Refused("The security token included in the request is invalid.")
    path = "/".join(urllib.parse.quote(part, safe="-_.~") for part in request.full_path.split("?")[0].split("/"))
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names.split(";"))
    canonical = "\n".join(["POST", path, "", headers, names, hashlib.sha256(request.raw).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), proof):
        raise Refused("The request signature we calculated does not match the signature you provided.")


def read_tools(config, meaning):
    for tool in (config or {}).get("tools") or []:
        if "cachePoint" in tool:
            continue
        spec = tool["toolSpec"]
        only("toolSpec.", spec, ("name", "description", "inputSchema", "strict"))
        schema = spec["inputSchema"]["json"]
        if not NAME.fullmatch(spec["name"]) or spec.get("description") == "" or schema.get("type") != "object":
            raise Refused(f"The tool {spec['name']} is not valid.")
        meaning.tools[spec["name"]] = schema
    if config is not None and not meaning.tools:
        raise Refused("toolConfig.tools must have at least one tool.")
    only("toolChoice.", (config or {}).get("toolChoice") or {}, ("auto", "any", "tool"))


def read_output(body, meaning):
    output = body.get("outputConfig") or {}
    only("outputConfig.", output, ("textFormat", "effort"))
    form = output.get("textFormat")
    if form:
        if form["type"] != "json_schema":
            raise Refused("textFormat.type must be json_schema.")
        meaning.schema = json.loads(form["structure"]["jsonSchema"]["schema"])
        closed(meaning.schema)
    own = body.get("additionalModelRequestFields") or {}
    only("additionalModelRequestFields.", own, ("thinking", "top_k", "anthropic_beta"))
    thinking = (own.get("thinking") or {}).get("type", "disabled")
    meaning.thinks = thinking != "disabled" or output.get("effort") is not None


def read_messages(messages, meaning):
    pending = set()
    for number, message in enumerate(messages):
        role = message["role"]
        if (role == "user") != (number % 2 == 0):
            raise Refused("A conversation must alternate between user and assistant roles, and start with a user.")
        if not message["content"]:
            raise Refused("The content field in the Message object is empty.")
        results = {block["toolResult"]["toolUseId"] for block in message["content"] if "toolResult" in block}
        if results != pending:
            raise Refused("Expected toolResult blocks for the toolUse blocks of the previous turn.")
        pending = {block["toolUse"]["toolUseId"] for block in message["content"] if "toolUse" in block}
        for block in message["content"]:
            read_block(block, role, meaning)
    if pending or messages[-1]["role"] != "user":
        raise Refused("This model does not support assistant message prefill.")


def read_block(block, role, meaning):
    kind = next(iter(block))
    value = block[kind]
    if kind == "text":
        if not value.strip():
            raise Refused("The text field in the ContentBlock object is blank.")
        meaning.say(role, ("text", value))
    elif kind == "image":
        meaning.say(role, ("image", "image/" + value["format"], base64.b64decode(value["source"]["bytes"],
                                                                                validate=True)))
    elif kind == "toolUse":
        if not NAME.fullmatch(value["toolUseId"]) or not isinstance(value["input"], dict):
            raise Refused("The toolUse block is not valid.")
        if not meaning.tools:
            raise Refused("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        meaning.say(role, ("call", value["toolUseId"], value["name"], value["input"]))
    elif kind == "toolResult":
        texts = [part["text"] for part in value["content"] if "text" in part]
        meaning.say(role, ("result", value["toolUseId"], "\n".join(texts)))
        for part in value["content"]:
            if "image" in part:
                read_block(part, role, meaning)
    elif kind == "reasoningContent":
        text = value.get("reasoningText") or {}
        if text and text.get("signature") != signature(text["text"]):
            raise Refused("The reasoning content has an invalid signature.")
    elif kind != "cachePoint":
        raise Refused(f"Unknown content block {kind}.")


def error(message, field):
    return {"message": message}


def usage(counts):
    fresh = counts["input"] - counts["cached"]
    return {"inputTokens": fresh, "outputTokens": counts["output"], "cacheReadInputTokens": counts["cached"],
            "totalTokens": counts["input"] + counts["output"]}


def blocks(said, name):
    made = []
    if said.get("thought"):
        made.append({"reasoningContent": {"reasoningText": {"text": said["thought"],
                                                            "signature": signature(said["thought"])}}})
    if said.get("text"):
        made.append({"text": said["text"]})
    for number, call in enumerate(said.get("calls") or []):
        made.append({"toolUse": {"toolUseId": f"tooluse_{name[-8:]}_{number}", "name": call[0], "input": call[1]}})
    return made


def whole(model, said, counts, name):
    return {"output": {"message": {"role": "assistant", "content": blocks(said, name)}},
            "stopReason": "tool_use" if said.get("calls") else "end_turn", "usage": usage(counts),
            "metrics": {"latencyMs": 5}}


def stream(model, said, counts, name, body):
    yield "messageStart", {"role": "assistant"}
    for index, block in enumerate(blocks(said, name)):
        def delta(value):
            return "contentBlockDelta", {"contentBlockIndex": index, "delta": value}
        if "toolUse" in block:
            use = block["toolUse"]
            yield "contentBlockStart", {"contentBlockIndex": index, "start": {
                "toolUse": {"toolUseId": use["toolUseId"], "name": use["name"]}}}
            for part in pieces(json.dumps(use["input"], ensure_ascii=False)):
                yield delta({"toolUse": {"input": part}})
        elif "reasoningContent" in block:
            thought = block["reasoningContent"]["reasoningText"]
            for part in pieces(thought["text"]):
                yield delta({"reasoningContent": {"text": part}})
            yield delta({"reasoningContent": {"signature": thought["signature"]}})
        else:
            for part in pieces(block["text"]):
                yield delta({"text": part})
        yield "contentBlockStop", {"contentBlockIndex": index}
    yield "messageStop", {"stopReason": "tool_use" if said.get("calls") else "end_turn"}
    yield "metadata", {"usage": usage(counts), "metrics": {"latencyMs": 5}}


def frame(name, event):
    """One event in AWS's framing: lengths, headers, payload, and two checksums."""
    def header(key, value):
        return bytes([len(key)]) + key.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    headers = (header(":event-type", name) + header(":content-type", "application/json")
               + header(":message-type", "event"))
    payload = json.dumps(event, ensure_ascii=False).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    prelude += struct.pack(">I", binascii.crc32(prelude))
    message = prelude + headers + payload
    return message + struct.pack(">I", binascii.crc32(message))
