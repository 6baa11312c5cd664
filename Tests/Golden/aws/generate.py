"""Writes the golden files of AWS's protocols: signatures.json by botocore's signer, eventstream.json by an encoder of its own
whose messages botocore reads back.

Needs botocore; checked with 1.44.8. Run by hand: python generate.py. Keys and tokens in it are made up.
"""

import base64
import binascii
import datetime
import json
import struct
from pathlib import Path
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer

HERE = Path(__file__).resolve().parent
KEY, SECRET = "AKIDEXAMPLE0000000AB", "made/up+secret/of-forty-letters000000000"


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n")


def signature(name, base_url, path, body, region, time, token=None, headers=(), method="POST"):
    """One request, signed as at `time` (seconds since 1970)."""
    request = AWSRequest(method=method, url=base_url + path, data=body.encode(), headers=dict(headers))
    now = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    patches = []
    for place in ("botocore.auth.get_current_datetime", "botocore.compat.get_current_datetime"):
        try:
            patch = mock.patch(place, lambda remove_tzinfo=True: now.replace(tzinfo=None) if remove_tzinfo else now)
            patch.start()
            patches.append(patch)
        except AttributeError:
            pass
    signer = botocore.auth.SigV4Auth(Credentials(KEY, SECRET, token), "bedrock", region)
    signer.add_auth(request)
    authorization = request.headers["Authorization"]
    del request.headers["Authorization"]
    canonical = signer.canonical_request(request)
    for patch in patches:
        patch.stop()
    assert request.headers["X-Amz-Date"] == now.strftime("%Y%m%dT%H%M%SZ"), "the clock was not replaced"
    return {
        "name": name, "method": method, "base_url": base_url, "path": path, "body": body, "region": region, "time": time,
        "key": KEY, "secret": SECRET, "token": token, "headers": [list(pair) for pair in headers],
        "date": request.headers["X-Amz-Date"], "authorization": authorization,
        "canonical": canonical,
    }  # fmt: skip


def signatures():
    json_type = [("content-type", "application/json")]
    east = "https://bedrock-runtime.us-east-1.amazonaws.com"
    body = '{"messages":[{"role":"user","content":[{"text":"Gr\u00fc\u00dfe \u4f60\u597d"}]}]}'
    claude = "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse"
    arn = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/converse-stream"
    return [
        signature("a model with a colon", east, claude, body, "us-east-1", 1772366400, headers=json_type),
        signature("an ARN", east, arn, body, "us-east-1", 1772366400, headers=json_type),
        signature("a session", east, claude, body, "us-east-1", 1798761599, "IQoJb3JpZ2luX2VjEXAMPLE//token==", json_type),
        signature("an empty body", east, "/", "", "us-east-1", 1440938160, headers=json_type),
        signature("a query out of order", east, "/model/a/converse?b=2&a=%201&a=1&c", "{}", "us-east-1", 1772366400, headers=json_type),
        signature("blanks in a header", east, "/model/a/converse", "{}", "us-east-1", 1772366400, headers=json_type + [("x-amzn-note", "  a   b  ")]),
        signature("a port and a path", "http://127.0.0.1:8123/proxy", claude, "{}", "eu-central-1", 1772366400, headers=json_type),
        signature("the scheme's own port", "https://bedrock.example.com:443", claude, "{}", "ap-southeast-2", 1772366400, headers=json_type),
    ]  # fmt: skip


def header(name, value):
    """One header: a text, or a value of another type by its number."""
    head = struct.pack("!B", len(name)) + name.encode()
    if isinstance(value, str):
        data = value.encode()
        return head + struct.pack("!BH", 7, len(data)) + data
    kind, data = value
    return head + struct.pack("!B", kind) + data


def message(headers, payload):
    fields = b"".join(header(name, value) for name, value in headers)
    prelude = struct.pack("!II", 16 + len(fields) + len(payload), len(fields))
    prelude += struct.pack("!I", binascii.crc32(prelude))
    whole = prelude + fields + payload
    return whole + struct.pack("!I", binascii.crc32(whole))


def event(name, payload, more=()):
    headers = [(":event-type", name), (":content-type", "application/json"), (":message-type", "event"), *more]
    return message(headers, json.dumps(payload, ensure_ascii=False).encode())


def exception(name, text):
    headers = [(":exception-type", name), (":content-type", "application/json"), (":message-type", "exception")]
    return message(headers, json.dumps({"message": text}).encode())


def streams():
    every_type = [
        ("t", (0, b"")), ("f", (1, b"")), ("byte", (2, b"\x80")), ("short", (3, b"\x80\x00")), ("int", (4, b"\x01\x02\x03\x04")),
        ("long", (5, b"\x01" * 8)), ("bytes", (6, b"\x00\x03abc")), ("time", (8, b"\x00" * 8)), ("uuid", (9, b"\x07" * 16)),
    ]  # fmt: skip
    answer = [
        event("messageStart", {"role": "assistant", "p": "abcd"}),
        event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "hm"}}}),
        event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"reasoningContent": {"signature": "c2ln"}}}),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "H\u00e9\U0001f600"}}, every_type),
        event("contentBlockStop", {"contentBlockIndex": 1}),
        event("contentBlockStart", {"contentBlockIndex": 2, "start": {"toolUse": {"toolUseId": "tooluse_1", "name": "look"}}}),
        event("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"at"'}}}),
        event("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": ": 1.50}"}}}),
        event("contentBlockStop", {"contentBlockIndex": 2}),
        event("messageStop", {"stopReason": "tool_use"}),
        event("metadata", {"usage": {"inputTokens": 5, "outputTokens": 7, "totalTokens": 112, "cacheReadInputTokens": 80, "cacheWriteInputTokens": 20}, "metrics": {"latencyMs": 9}}),
    ]  # fmt: skip
    error = message([(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "broken")], b"")
    all_streams = {
        "answer": answer,
        "throttled": [answer[0], exception("throttlingException", "Too many tokens, please wait")],
        "error": [error],
    }
    result = []
    for name, messages in all_streams.items():
        buffer = EventStreamBuffer()
        buffer.add_data(b"".join(messages))
        read = []
        for found in buffer:
            headers = {key: value for key, value in found.headers.items() if key.startswith(":")}
            read.append({"headers": headers, "payload": found.payload.decode()})
        assert len(read) == len(messages)
        result.append({"name": name, "base64": base64.b64encode(b"".join(messages)).decode(), "messages": read})
    return result


if __name__ == "__main__":
    write("signatures.json", signatures())
    write("eventstream.json", streams())
