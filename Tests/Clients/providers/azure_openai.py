"""Azure OpenAI: OpenAI's chat completions at the path of a deployment, with a version and a key of its own."""

import re

import scenes
from providers import openai_chat
from providers.meaning import Refused
from providers.openai_chat import error, stream, whole  # noqa: F401: the same answers


def read(request):
    path, _, query = request.path.partition("?")
    if path != f"/openai/deployments/{scenes.KINDS['azure']}/chat/completions":
        raise Refused(f"Resource not found: {path}")
    if not re.search(r"(^|&)api-version=\d{4}-\d\d-\d\d", query):
        raise Refused("Resource not found: no api-version")
    if request.headers.get("api-key") != "upstream-key" or request.headers.get("authorization"):
        raise Refused("Access denied due to invalid subscription key or wrong API endpoint.")
    return openai_chat.meaning_of(request.body)
