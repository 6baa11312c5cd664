"""The part of ockham.h that is used here, for ctypes."""

import ctypes
import os
from ctypes import POINTER, Structure, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

ABI_VERSION = 1


class Message(Structure):
    _fields_ = [("text", c_char_p), ("text_bytes", c_size_t), ("role", c_int32)]


class Tool(Structure):
    _fields_ = [("name", c_char_p), ("name_bytes", c_size_t)]


class Request(Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("messages", POINTER(Message)),
        ("message_count", c_size_t),
        ("tools", POINTER(Tool)),
        ("tool_count", c_size_t),
        ("tool_schema_bytes", c_int64),
        ("response_schema_bytes", c_int64),
        ("image_count", c_int64),
        ("maximum_output_tokens", c_int64),
        ("response_format", c_int32),
    ]


class TierScore(Structure):
    _fields_ = [("probability", c_float), ("logit", c_float), ("expected_cost_usd", c_double)]


class Decision(Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("model_id", c_uint64),
        ("expected_cost_usd", c_double),
        ("tier_name", c_char_p),
        ("reason_name", c_char_p),
        ("task_name", c_char_p),
        ("tier", c_int32),
        ("reason", c_int32),
        ("task", c_int32),
        ("gain", c_float),
        ("threshold", c_float),
        ("difficulty", c_float),
        ("propensity", c_float),
    ]


class ResponseFacts(Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("json_valid", c_int32),
        ("schema_valid", c_int32),
        ("tool_calls_valid", c_int32),
        ("finish_reason", c_int32),
        ("known_logprobs", c_uint32),
        ("mean_logprob", c_float),
        ("minimum_logprob", c_float),
        ("logprob_spread", c_float),
    ]


class ToolCall(Structure):
    _fields_ = [("name", c_char_p), ("name_bytes", c_size_t), ("arguments", c_char_p), ("arguments_bytes", c_size_t)]


class Response(Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("text", c_char_p),
        ("text_bytes", c_size_t),
        ("tool_calls", POINTER(ToolCall)),
        ("tool_call_count", c_size_t),
        ("facts", POINTER(ResponseFacts)),
    ]


class Explanation(Structure):
    _fields_ = [("struct_bytes", c_size_t)] + [
        (name, c_float)
        for name in (
            "logit_difference",
            "bias",
            "dense",
            "hidden",
            "system_grams",
            "question_grams",
            "history_grams",
            "tool_grams",
        )
    ]


class Contribution(Structure):
    _fields_ = [("name", c_char_p), ("value", c_float)]


class Escalation(Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("tier_name", c_char_p),
        ("tier", c_int32),
        ("is_worthwhile", c_int32),
        ("gain", c_float),
        ("threshold", c_float),
    ]


def _load():
    """The library: OCKHAM_LIBRARY if it is set, else libockham.so.1 where the system looks for libraries."""
    library = ctypes.CDLL(os.environ.get("OCKHAM_LIBRARY", f"libockham.so.{ABI_VERSION}"))
    signatures = {
        "ockham_abi_version": (c_uint32, []),
        "ockham_status_message": (c_char_p, [c_int32]),
        "ockham_router_load": (c_int32, [c_char_p, c_size_t, POINTER(c_void_p), c_char_p, c_size_t]),
        "ockham_router_tier_count": (c_size_t, [c_void_p]),
        "ockham_router_tier_name": (c_char_p, [c_void_p, c_size_t]),
        "ockham_router_free": (None, [c_void_p]),
        "ockham_scratch_create": (c_int32, [c_void_p, POINTER(c_void_p)]),
        "ockham_scratch_free": (None, [c_void_p]),
        "ockham_route": (c_int32, [c_void_p, POINTER(Request), POINTER(Decision), POINTER(TierScore), c_size_t]),
        "ockham_start": (c_int32, [c_void_p, POINTER(Request), POINTER(Decision), POINTER(TierScore), c_size_t]),
        "ockham_explain": (
            c_int32,
            [
                c_void_p,
                c_size_t,
                c_size_t,
                POINTER(Explanation),
                POINTER(Contribution),
                c_size_t,
                POINTER(c_size_t),
            ],
        ),
        "ockham_facts_set_logprobs": (c_int32, [POINTER(ResponseFacts), POINTER(c_double), c_size_t]),
        "ockham_router_reads_responses": (c_int32, [c_void_p, c_size_t]),
        "ockham_weigh": (
            c_int32,
            [c_void_p, POINTER(Response), c_size_t, POINTER(Escalation), POINTER(c_float), c_size_t],
        ),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    if library.ockham_abi_version() != ABI_VERSION:
        raise ImportError("libockham has another ABI version than this package")
    return library


library = _load()
