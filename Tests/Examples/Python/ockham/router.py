"""Routers: a model file, and decisions over it."""

import ctypes
import threading
from dataclasses import dataclass
from typing import List, Optional, Tuple

from . import _native as native

FINISH_REASONS = {"stop": 1, "length": 2, "tool_calls": 3, "content_filter": 4, "other": 5}
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
    expected_cost_usd: float  # NaN for a model that predicts no costs


@dataclass
class Explanation:
    """What moved logit(upper) - logit(lower). The parts add up to it within rounding."""

    logit_difference: float
    bias: float
    structure: float  # the measures of structure together
    words: float  # the n-grams of all messages and tools
    hidden: float
    contributions: List[Tuple[str, float]]  # the largest measures of structure, by name


@dataclass
class Response:
    """What a tier answered. What is not known of it is None."""

    text: str = ""
    tool_calls: Tuple[Tuple[str, str], ...] = ()  # name and arguments
    json_valid: Optional[bool] = None
    schema_valid: Optional[bool] = None
    tool_calls_valid: Optional[bool] = None
    finish_reason: Optional[int] = None
    mean_logprob: Optional[float] = None
    minimum_logprob: Optional[float] = None
    logprob_spread: Optional[float] = None


@dataclass
class Escalation:
    """What comes of a response: whether the request should move on, and to which tier."""

    tier: Optional[str]  # None where the response is to be taken as it is
    is_worthwhile: bool
    gain: float
    threshold: float
    probabilities: List[float]  # P(good | response) of the tier that answered and of each above


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
        return self._decide(native.library.ockham_route, request)

    def explain(self, lower: int = 0, upper: int = 1, count: int = 5) -> Explanation:
        """Explains the last request of this thread: why `upper` looks better than `lower` (above 0) or worse."""
        made = native.Explanation(struct_bytes=ctypes.sizeof(native.Explanation))
        largest, written = (native.Contribution * count)(), ctypes.c_size_t()
        status = native.library.ockham_explain(
            self._scratch(), lower, upper, made, largest, count, ctypes.byref(written)
        )
        if status:
            raise OckhamError(native.library.ockham_status_message(status).decode())
        return Explanation(
            logit_difference=made.logit_difference,
            bias=made.bias,
            structure=made.dense,
            words=made.system_grams + made.question_grams + made.history_grams + made.tool_grams,
            hidden=made.hidden,
            contributions=[(part.name.decode(), part.value) for part in largest[: written.value]],
        )

    def start(self, request: Request) -> Decision:
        """Decides which tier is asked first, where the model has a cascade: hand its response to `weigh`, in this thread."""
        return self._decide(native.library.ockham_start, request)

    def weigh(self, response: Response, tier: int) -> Escalation:
        """Weighs a tier's response to the last request of this thread."""
        made = native.Escalation(struct_bytes=ctypes.sizeof(native.Escalation))
        probabilities = (ctypes.c_float * (len(self.tiers) - tier))()
        borrowed, facts = _borrow_response(response)
        borrowed.facts = ctypes.pointer(facts)
        status = native.library.ockham_weigh(
            self._scratch(), borrowed, tier, made, probabilities, len(probabilities)
        )
        if status:
            raise OckhamError(native.library.ockham_status_message(status).decode())
        return Escalation(
            tier=made.tier_name and made.tier_name.decode(),
            is_worthwhile=bool(made.is_worthwhile),
            gain=made.gain,
            threshold=made.threshold,
            probabilities=list(probabilities),
        )

    def _decide(self, call, request: Request) -> Decision:
        made = native.Decision(struct_bytes=ctypes.sizeof(native.Decision))
        scores = (native.TierScore * len(self.tiers))()
        borrowed = _borrow(request)
        status = call(self._scratch(), borrowed, made, scores, len(scores))
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


def _borrow_response(response: Response) -> Tuple[native.Response, native.ResponseFacts]:
    text = response.text.encode("utf-8", "replace")
    calls = (native.ToolCall * len(response.tool_calls))()
    for place, (name, arguments) in zip(calls, response.tool_calls):
        place.name = encoded = name.encode("utf-8", "replace")
        place.name_bytes = len(encoded)
        place.arguments = encoded = arguments.encode("utf-8", "replace")
        place.arguments_bytes = len(encoded)
    facts = native.ResponseFacts(struct_bytes=ctypes.sizeof(native.ResponseFacts))
    for name in "json_valid", "schema_valid", "tool_calls_valid":
        known = getattr(response, name)
        setattr(facts, name, 0 if known is None else 1 + known)
    facts.finish_reason = response.finish_reason or 0
    for bit, name in enumerate(("mean_logprob", "minimum_logprob", "logprob_spread")):
        known = getattr(response, name)
        if known is not None:
            facts.known_logprobs |= 1 << bit
            setattr(facts, name, known)
    size = ctypes.sizeof(native.Response)
    return native.Response(size, text, len(text), calls, len(calls), None), facts
