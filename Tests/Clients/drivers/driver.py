"""What all drivers share: the run through kinds and scenes, and what an error of a client says.

A driver is a script with one class per way in which a client speaks. Its methods are named after the scenes; a scene
without a method is one that the client does not have. Results are lines of JSON: client, kind, scene, result, detail.
"""

import json
import re
import sys
import traceback

import scenes

GATEWAY, KEY = sys.argv[1], "matrix-key"
ONLY = set(sys.argv[2].split(",")) if len(sys.argv) > 2 and sys.argv[2] else None


def run(*clients):
    for client in clients:
        if ONLY and client.name not in ONLY:
            continue
        for kind in scenes.KINDS:
            made = client(scenes.target(client.name, kind))
            for scene in scenes.SCENES:
                result, detail = attempt(getattr(made, scene, None))
                print(json.dumps({"client": client.name, "kind": kind, "scene": scene, "result": result,
                                  "detail": detail}), flush=True)


def attempt(function):
    if function is None:
        return "none", ""
    try:
        function()
    except AssertionError as error:
        return "wrong", f"{error} at line {traceback.extract_tb(error.__traceback__)[-1].lineno}"
    except Exception as error:  # noqa: BLE001: whatever a client raises is its answer
        return "error", describe(error)
    return "works", ""


def describe(error):
    """The status, code and words of an error, wherever the client keeps them."""
    texts = []
    while error is not None:
        texts.append(f"{type(error).__name__}: {getattr(error, 'body', '') or ''} {error}")
        error = error.__cause__ or error.__context__
    text = " <- ".join(texts)
    code = re.search(r"""['"]code['"]: ?['"](\w+)['"]""", text)
    return f"code={code.group(1) if code else '?'} {text[:1500]}"


def same(found, expected):
    assert found == expected, f"{found!r} instead of {expected!r}"


def same_text(found, expected):
    same((found or "").strip(), expected)


def thought(found, expected=scenes.THOUGHT):
    """A thought, where the client shows one: either all of it or, where the provider shows none, nothing."""
    assert (found or "") in ("", expected), f"the thought {found!r}"


def called(calls, *cities):
    """Names and arguments of calls."""
    same([(name, json.loads(args) if isinstance(args, str) else args) for name, args in calls],
         [("weather", {"city": city}) for city in cities])


def place(value):
    value = value.model_dump() if hasattr(value, "model_dump") else json.loads(value) if isinstance(value, str) else value
    same(value, scenes.PLACE_ANSWER)
