"""Ockham in process: which model tier a chat request needs."""

from .chat import request_from_chat
from .router import FINISH_REASONS, Decision, Escalation, Explanation, OckhamError, Request, Response, Router

__all__ = [
    "FINISH_REASONS",
    "Decision",
    "Escalation",
    "Explanation",
    "OckhamError",
    "Request",
    "Response",
    "Router",
    "request_from_chat",
]
