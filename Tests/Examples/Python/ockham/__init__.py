"""Ockham in process: which model tier a chat request needs."""

from .chat import request_from_chat
from .router import Decision, OckhamError, Request, Router

__all__ = ["Decision", "OckhamError", "Request", "Router", "request_from_chat"]
