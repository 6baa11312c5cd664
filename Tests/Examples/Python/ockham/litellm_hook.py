"""Ockham inside LiteLLM: requests for one made-up model name go to the tier that Ockham picks.

In the proxy, a pre-call hook (see litellm_config.yaml); in the SDK, a routing strategy:

    strategy = OckhamRoutingStrategy(router, hook)
    router.set_custom_routing_strategy(strategy)

The decision is made in the process, in microseconds and without a network call. If it cannot be made, the request goes to
the last tier: a router must not be the reason that a request fails.
"""

import logging
import os
from typing import Any, Dict, Optional

from .chat import request_from_chat
from .router import Decision, OckhamError, Router

try:
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:  # usable, and testable, without LiteLLM
    CustomLogger = object

log = logging.getLogger("ockham")


class OckhamHook(CustomLogger):
    """Replaces the model `alias` by the model of the tier that a request needs.

    `models` maps tier names to LiteLLM model names; a tier that is not in it goes by its own name.
    """

    def __init__(self, router: Router, alias: str = "ockham", models: Optional[Dict[str, str]] = None):
        super().__init__()
        self.router, self.alias, self.models = router, alias, dict(models or {})

    def pick(self, body: Dict[str, Any]) -> str:
        """The LiteLLM model for the body of a chat completion. The decision stands in its metadata afterwards."""
        try:
            decision = self.router.route(request_from_chat(body))
        except (OckhamError, AttributeError, TypeError, ValueError) as error:
            log.warning("ockham: no decision (%s); the last tier answers", type(error).__name__)
            return self._model(self.router.tiers[-1])
        body.setdefault("metadata", {})["ockham"] = _summary(decision)
        return self._model(decision.tier)

    def _model(self, tier: str) -> str:
        return self.models.get(tier, tier)

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Called by the LiteLLM proxy before it chooses a deployment."""
        if data.get("model") == self.alias and "messages" in data:
            data["model"] = self.pick(data)
        return data


class OckhamRoutingStrategy:
    """For `litellm.Router.set_custom_routing_strategy`: picks the model group; LiteLLM balances inside it."""

    def __init__(self, litellm_router, hook: OckhamHook):
        self._litellm, self._hook = litellm_router, hook

    def _group(self, model: str, messages, request_kwargs) -> str:
        if model != self._hook.alias or not messages:
            return model
        return self._hook.pick({**(request_kwargs or {}), "messages": messages})

    def get_available_deployment(
        self, model, messages=None, input=None, specific_deployment=False, request_kwargs=None
    ):
        original = type(self._litellm).get_available_deployment
        group = self._group(model, messages, request_kwargs)
        return original(self._litellm, group, messages, input, specific_deployment, request_kwargs)

    async def async_get_available_deployment(
        self, model, messages=None, input=None, specific_deployment=False, request_kwargs=None
    ):
        original = type(self._litellm).async_get_available_deployment
        group = self._group(model, messages, request_kwargs)
        return await original(
            self._litellm,
            model=group,
            request_kwargs=request_kwargs or {},
            messages=messages,
            input=input,
            specific_deployment=specific_deployment,
        )


def _summary(decision: Decision) -> Dict[str, Any]:
    return {
        "tier": decision.tier,
        "reason": decision.reason,
        "task": decision.task,
        "gain": decision.gain,
        "threshold": decision.threshold,
        "probabilities": decision.probabilities,
    }


def hook_from_environment() -> OckhamHook:
    """OCKHAM_MODEL is the model file; OCKHAM_ALIAS the model name that clients ask for (default: ockham)."""
    return OckhamHook(Router.from_file(os.environ["OCKHAM_MODEL"]), os.environ.get("OCKHAM_ALIAS", "ockham"))


def __getattr__(name: str):
    """`proxy_hook`, made when LiteLLM's configuration first names it."""
    if name == "proxy_hook":
        globals()[name] = hook_from_environment()
        return globals()[name]
    raise AttributeError(name)
