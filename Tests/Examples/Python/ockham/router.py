"""Routers: a model file, and decisions over it."""

import ctypes
import threading
from dataclasses import dataclass
from typing import List, Optional, Tuple

from . import _native as native

SYSTEM, USER, ASSISTANT, TOOL = range(4)
TEXT, JSON_OBJECT, JSON_SCHEMA = range(3)


class OckhamError(Exception):
    """A refused model or request. Never contains text of a request."""


@dataclass
class Request:
    """A chat request as far as routing looks at it."""

    messages: List[Tuple[int, str]]
    tools: Tuple[str, ...] = ()
    tool_schema_bytes: int = 0
    response_format: int = TEXT
    response_schema_bytes: int = 0
    image_count: int = 0
    maximum_output_tokens: int = 0  # 0: not stated


@dataclass
class Decision:
    """Where a request goes and why."""

    tier: str
    tier_index: int
    reason: str
    task: Optional[str]
    gain: float
    threshold: float
    difficulty: float
    probabilities: List[float]
    expected_cost_usd: float  # NaN for a model that foretells no costs


class Router:
    """A loaded model. Any number of threads may share one; each gets a scratch of its own."""

    def __init__(self, model: bytes):
        self._handle = ctypes.c_void_p()
        detail = ctypes.create_string_buffer(512)
        status = native.library.ockham_router_load(model, len(model), ctypes.byref(self._handle), detail, len(detail))
        if status:
            raise OckhamError(detail.value.decode())
        self._threads = threading.local()
        count = native.library.ockham_router_tier_count(self._handle)
        self.tiers = [native.library.ockham_router_tier_name(self._handle, tier).decode() for tier in range(count)]

    @classmethod
    def from_file(cls, path) -> "Router":
        with open(path, "rb") as file:
            return cls(file.read())

    def __del__(self):
        native.library.ockham_router_free(self._handle)

    def route(self, request: Request) -> Decision:
        """Decides where a request goes."""
        made = native.Decision(struct_bytes=ctypes.sizeof(native.Decision))
        scores = (native.TierScore * len(self.tiers))()
        borrowed = _borrow(request)
        status = native.library.ockham_route(self._scratch(), borrowed, made, scores, len(scores))
        if status:
            raise OckhamError(native.library.ockham_status_message(status).decode())
        return Decision(
            tier=made.tier_name.decode(),
            tier_index=made.tier,
            reason=made.reason_name.decode(),
            task=made.task_name and made.task_name.decode(),
            gain=made.gain,
            threshold=made.threshold,
            difficulty=made.difficulty,
            probabilities=[score.probability for score in scores],
            expected_cost_usd=made.expected_cost_usd,
        )

    def _scratch(self):
        if not hasattr(self._threads, "scratch"):
            self._threads.scratch = _Scratch(self._handle)
        return self._threads.scratch.handle


class _Scratch:
    def __init__(self, router):
        self.handle = ctypes.c_void_p()
        if native.library.ockham_scratch_create(router, ctypes.byref(self.handle)):
            raise OckhamError("no scratch")

    def __del__(self):
        native.library.ockham_scratch_free(self.handle)


def _borrow(request: Request) -> native.Request:
    messages = (native.Message * len(request.messages))()
    for place, (role, text) in zip(messages, request.messages):
        place.text = encoded = text.encode("utf-8", "replace")
        place.text_bytes, place.role = len(encoded), role
    tools = (native.Tool * len(request.tools))()
    for place, name in zip(tools, request.tools):
        place.name = encoded = name.encode("utf-8", "replace")
        place.name_bytes = len(encoded)
    return native.Request(
        struct_bytes=ctypes.sizeof(native.Request),
        messages=messages,
        message_count=len(messages),
        tools=tools,
        tool_count=len(tools),
        tool_schema_bytes=request.tool_schema_bytes,
        response_schema_bytes=request.response_schema_bytes,
        image_count=request.image_count,
        maximum_output_tokens=request.maximum_output_tokens,
        response_format=request.response_format,
    )
