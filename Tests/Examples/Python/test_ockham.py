"""python3 -m unittest test_ockham, with OCKHAM_LIBRARY and OCKHAM_MODEL set. LiteLLM is not needed."""

import asyncio
import os
import threading
import unittest

from ockham import OckhamError, Request, Router, request_from_chat
from ockham.litellm_hook import OckhamHook, OckhamRoutingStrategy

EASY = {"model": "ockham", "messages": [{"role": "user", "content": "Translate 'good night' to French"}]}
HARD = {"model": "ockham", "messages": [{"role": "user", "content": "Prove that there are infinitely many primes."}]}


class HookTests(unittest.TestCase):
    def setUp(self):
        self.router = Router.from_file(os.environ["OCKHAM_MODEL"])
        self.hook = OckhamHook(self.router, models={"small": "cheap-model"})

    def call(self, body):
        return asyncio.run(self.hook.async_pre_call_hook(None, None, dict(body), "acompletion"))

    def test_each_request_goes_to_its_tier(self):
        tiers = [self.router.route(request_from_chat(body)).tier for body in (EASY, HARD)]
        self.assertEqual(tiers[0], "small")
        self.assertNotEqual(tiers[1], "small")
        self.assertEqual([self.call(body)["model"] for body in (EASY, HARD)], ["cheap-model", tiers[1]])
        self.assertEqual(self.call(HARD)["metadata"]["ockham"]["tier"], tiers[1])

    def test_other_models_and_other_calls_pass(self):
        self.assertEqual(self.call({**HARD, "model": "gpt"})["model"], "gpt")
        self.assertEqual(self.call({"model": "ockham", "input": "embed me"})["model"], "ockham")

    def test_a_request_that_cannot_be_read_goes_to_the_last_tier(self):
        for messages in ["text", [None], [{"role": "user", "content": 7}]]:
            with self.assertLogs("ockham"):
                self.assertEqual(self.call({"model": "ockham", "messages": messages})["model"], "frontier")

    def test_strategy_names_the_group_and_litellm_the_deployment(self):
        class LiteLLM:
            def get_available_deployment(self, model, messages, input, specific_deployment, request_kwargs):
                return {"model_name": model}

            async def async_get_available_deployment(self, model, **arguments):
                return {"model_name": model}

        strategy = OckhamRoutingStrategy(LiteLLM(), self.hook)
        hard = self.router.route(request_from_chat(HARD)).tier
        self.assertEqual(strategy.get_available_deployment("ockham", HARD["messages"])["model_name"], hard)
        self.assertEqual(strategy.get_available_deployment("gpt", HARD["messages"])["model_name"], "gpt")
        found = asyncio.run(strategy.async_get_available_deployment("ockham", EASY["messages"]))
        self.assertEqual(found["model_name"], "cheap-model")


class RouterTests(unittest.TestCase):
    def test_a_file_that_is_no_model_is_refused_with_the_reason(self):
        with self.assertRaisesRegex(OckhamError, "cut short"):
            Router(b"abc")

    def test_an_explanation_adds_up_and_names_its_parts(self):
        router = Router.from_file(os.environ["OCKHAM_MODEL"])
        with self.assertRaises(OckhamError):
            router.explain()
        router.route(request_from_chat(HARD))
        why = router.explain(0, 1, count=3)
        self.assertAlmostEqual(why.bias + why.structure + why.words + why.hidden, why.logit_difference, places=3)
        sizes = [abs(value) for _, value in why.contributions]
        self.assertEqual(len(sizes), 3)
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertTrue(all(name for name, _ in why.contributions))
        with self.assertRaises(OckhamError):
            router.explain(1, 1)

    def test_threads_agree(self):
        router = Router.from_file(os.environ["OCKHAM_MODEL"])
        found = []
        work = lambda: found.append([router.route(request_from_chat(body)) for body in (EASY, HARD) * 20])
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(found), 8)
        expected = [router.route(request_from_chat(body)).probabilities for body in (EASY, HARD) * 20]
        self.assertTrue(all([made.probabilities for made in each] == expected for each in found))

    def test_roles_that_do_not_exist_are_refused(self):
        with self.assertRaisesRegex(OckhamError, "out of range"):
            Router.from_file(os.environ["OCKHAM_MODEL"]).route(Request(messages=[(9, "x")]))


class ChatTests(unittest.TestCase):
    def test_parts_tools_and_schemas(self):
        request = request_from_chat(
            {
                "messages": [
                    {"role": "developer", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]},
                    {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
                ],
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"a": "é"}}},
                "max_completion_tokens": 9,
            }
        )
        self.assertEqual(request.messages, [(0, "Be brief."), (1, "a\nb"), (2, "f {}")])
        self.assertEqual((request.tools, request.tool_schema_bytes), (("f",), len('{"type":"object"}')))
        self.assertEqual((request.response_format, request.response_schema_bytes), (2, len('{"a":"é"}'.encode())))
        self.assertEqual((request.image_count, request.maximum_output_tokens), (1, 9))


if __name__ == "__main__":
    unittest.main()
