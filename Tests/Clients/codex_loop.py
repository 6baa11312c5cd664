"""A loop of ten turns on /v1/responses, in the form in which Codex asks, to every kind of provider.

    codex_loop.py [--gateway PATH]

Every request has instructions, a custom tool with a grammar, functions, the local shell and a web search among its tools,
parallel calls, effort and summary of reasoning, verbosity, a cache key, nothing stored, and encrypted reasoning included.
What came is fed back: reasoning, messages, calls, and the tools' results, pictures among them. The provider checks the whole
history of each request, this script each event of the streams. Prints one line per kind; exit code 1 where a loop did not
end or a request was refused on the way.
"""

import argparse
import json
import pathlib
import sys
import urllib.error
import urllib.request

sys.dont_write_bytecode = True  # What is imported from here leaves nothing behind.

import matrix  # noqa: E402
import scenes  # noqa: E402
from providers.meaning import shape  # noqa: E402
from providers.server import Changed, Providers  # noqa: E402

INSTRUCTIONS = "You are Codex, a coding agent. Prefer apply_patch. Ünïcode is fine."
GRAMMAR = 'start: begin_patch hunk+ end_patch\nbegin_patch: "*** Begin Patch" LF\nend_patch: "*** End Patch" LF?'
PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n-print('\"hé\\n\"')\n+print(\"日本 ✅\")\n*** End Patch"
PATCH_2 = "*** Begin Patch\n*** Add File: b.txt\n+\n+\ttab\n*** End Patch"
COMMAND = {"type": "object", "properties": {"command": {"type": "array", "items": {"type": "string"}},
                                            "workdir": {"type": "string"}, "timeout_ms": {"type": "number"}},
           "required": ["command"], "additionalProperties": False}
PLAN = {"type": "object", "properties": {"plan": {"type": "array", "items": {
    "type": "object", "properties": {"step": {"type": "string"}, "status": {"type": "string"}},
    "required": ["step", "status"], "additionalProperties": False}}}, "required": ["plan"], "additionalProperties": False}
PATH = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"],
        "additionalProperties": False}
TOOLS = [
    {"type": "function", "name": "shell", "description": "Runs a command.", "strict": False, "parameters": COMMAND},
    {"type": "function", "name": "update_plan", "description": "The plan.", "strict": False, "parameters": PLAN},
    {"type": "function", "name": "view_image", "description": "Shows a picture.", "strict": False, "parameters": PATH},
    {"type": "custom", "name": "apply_patch", "description": "Edits files.",
     "format": {"type": "grammar", "syntax": "lark", "definition": GRAMMAR}},
    {"type": "local_shell"},
    {"type": "web_search", "external_web_access": False},
]


def shell(*command):
    return "shell", {"command": ["bash", "-lc", *command], "workdir": "/w"}


def local_shell(*command):
    return "local_shell", {"type": "exec", "command": list(command), "env": {"A": "b"}, "timeout_ms": 1000,
                           "working_directory": "/w"}


# What the model says, turn by turn: thought, text, and calls as the provider has them, each with its result.
PICTURE = object()
TURNS = [
    ("I look around.", "I look around first.", [(shell("ls -la"), "a.py\nb.py")]),
    (None, None, [(shell("cat a.py"), "print('\"hé\\n\"')"), (shell("cat b.py"), "")]),
    ("A patch.", None, [(("apply_patch", {"input": PATCH}), "Success. Updated:\nM a.py")]),
    (None, "The plan:", [(("update_plan", {"plan": [{"step": "patch", "status": "completed"}]}), "Plan updated")]),
    (None, None, [(local_shell("git", "diff"), json.dumps({"output": "+日本", "metadata": {"exit_code": 0}}))]),
    ("A look.", None, [(("view_image", {"path": "shot.png"}), PICTURE)]),
    (None, None, [(shell("false"), "exit code 1\nerror: no such thing 🤷")]),
    (None, None, [(("apply_patch", {"input": PATCH_2}), "Success."), (shell("pytest -q"), "2 passed"),
                  (local_shell("true"), "")]),
    ("Almost.", "One more.", [(shell("printf 'é\\u2028'"), "é\u2028" + "x" * 20000)]),
    ("Done.", "All done. ✅", []),
]


class Model:
    """Answers at the provider, after a check of all that was said before."""

    def answer(self, client, read, body):
        step = read.step
        wrong = self.wrong(read, step)
        if wrong:
            raise Changed(f"turn {step + 1}: {wrong}")
        thought, text, calls = TURNS[step]
        return {"thought": thought, "text": text, "calls": [call for call, _ in calls]}

    def wrong(self, read, step):
        if INSTRUCTIONS not in "\n".join(read.system):
            return "no instructions"
        expected = {"shell": COMMAND, "update_plan": PLAN, "view_image": PATH}
        for name, schema in expected.items():
            if name not in read.tools or shape(read.tools[name]) != shape(schema):
                return f"the tool {name}: {read.tools.get(name)}"
        if not {"apply_patch", "local_shell"} <= set(read.tools) or "web_search" in read.tools:
            return f"tools {sorted(read.tools)}"
        if not read.thinks:
            return "no effort asked for"
        if [role for role, _ in read.turns] != ["user", "assistant"] * step + ["user"]:
            return f"turns {[role for role, _ in read.turns]}"
        for number in range(step):
            _, text, calls = TURNS[number]
            said = read.turns[2 * number + 1][1]
            if "".join(i[1] for i in said if i[0] == "text").strip() != (text or ""):
                return f"text of turn {number + 1}: {said}"
            found = [(i[2], i[3]) for i in said if i[0] == "call"]
            if found != [call for call, _ in calls]:
                return f"calls of turn {number + 1}: {found}"
            ids = [i[1] for i in said if i[0] == "call"]
            given = {i[1]: i[2] for i in read.turns[2 * number + 2][1] if i[0] == "result"}
            if sorted(given) != sorted(ids):
                return f"results of turn {number + 1}: {sorted(given)} for {sorted(ids)}"
            for name, (_, result) in zip(ids, calls):
                if result is PICTURE:
                    pictures = [i[2] for i in read.turns[2 * number + 2][1] if i[0] == "image"]
                    if pictures != [scenes.PNG]:
                        return f"pictures of turn {number + 1}: {len(pictures)}"
                elif result == "" and given[name] == "(no output)":
                    continue  # Bedrock refuses a result that says nothing.
                elif given[name] != result and not same_object(given[name], result):
                    return f"the result of {name}: {given[name][:100]!r}"
        return None


def same_object(found, result):
    """Whether two results are the same object, which some dialects carry as one."""
    try:
        return json.loads(found.replace("'", '"')) == json.loads(result)
    except ValueError:
        return False


def request(url, model, items):
    body = {"model": model, "instructions": INSTRUCTIONS, "input": items, "tools": TOOLS, "tool_choice": "auto",
            "parallel_tool_calls": True, "reasoning": {"effort": "high", "summary": "auto"}, "store": False,
            "stream": True, "include": ["reasoning.encrypted_content"], "prompt_cache_key": "0198-loop",
            "text": {"verbosity": "low"}}
    headers = {"content-type": "application/json", "authorization": f"Bearer {matrix.KEY}", "accept": "text/event-stream",
               "originator": "codex_cli_rs", "session_id": "0198-loop", "user-agent": "codex_cli_rs/0.60.0"}
    asked = urllib.request.Request(url + "/v1/responses", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return events(answer.read().decode())


def events(text):
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "data" in fields:
            event = json.loads(fields["data"])
            assert fields["event"] == event["type"], f"event {fields['event']} of type {event['type']}"
            found.append(event)
    return found


def checked(found):
    """The items of a stream, once every event of it agrees with the others."""
    kinds = [event["type"] for event in found]
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed", kinds[-3:]
    assert [event["sequence_number"] for event in found] == list(range(len(found))), "sequence numbers"
    added, deltas, done = {}, {}, {}
    for event in found:
        index, kind = event.get("output_index"), event["type"]
        if kind == "response.output_item.added":
            assert index == len(added), f"item {index} after {len(added)} items"
            added[index] = event["item"]
        elif kind.endswith(".delta"):
            assert index in added and index not in done, f"{kind} outside of its item"
            assert event["item_id"] == added[index]["id"], "item ids"
            deltas[index] = deltas.get(index, "") + event["delta"]
        elif kind == "response.output_item.done":
            item = done[index] = event["item"]
            assert (item["id"], item["type"]) == (added[index]["id"], added[index]["type"]), "item ids"
            text = {"function_call": lambda: item["arguments"], "custom_tool_call": lambda: item["input"],
                    "message": lambda: item["content"][0]["text"],
                    "reasoning": lambda: "".join(p["text"] for p in item.get("content") or item["summary"]),
                    }.get(item["type"], lambda: deltas.get(index, ""))()
            assert deltas.get(index, "") == text, f"deltas of {item['type']}: {deltas.get(index)!r}, whole {text!r}"
    assert set(added) == set(done), "items that never ended"
    response = found[-1]["response"]
    assert response["output"] == [done[i] for i in sorted(done)], "the items of the whole response"
    usage = response["usage"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (scenes.USAGE["input"], scenes.USAGE["output"]), usage
    return response["output"]


def fed_back(item):
    """An item as Codex sends it back: without its id and status."""
    kept = {key: value for key, value in item.items() if key not in ("id", "status")}
    if item["type"] == "reasoning":
        kept["encrypted_content"] = item.get("encrypted_content")
    return kept


def output(item, call, result):
    """What a call gave, checked against what the model asked for."""
    name, arguments = call
    if item["type"] == "custom_tool_call":
        assert (item["name"], item["input"]) == (name, arguments["input"]), item
        return {"type": "custom_tool_call_output", "call_id": item["call_id"], "output": result}
    if item["type"] == "local_shell_call":
        assert name == "local_shell" and item["action"] == arguments, item
        return {"type": "local_shell_call_output", "call_id": item["call_id"], "output": result}
    assert (item["name"], json.loads(item["arguments"])) == (name, arguments), item
    if result is PICTURE:
        result = [{"type": "input_image", "image_url": scenes.PNG_URL}]
    return {"type": "function_call_output", "call_id": item["call_id"], "output": result}


KINDS_OF_CALLS = {"apply_patch": "custom_tool_call", "local_shell": "local_shell_call"}


def loop(url, model):
    """Runs the ten turns; gives back how many were done."""
    def says(role, text):
        return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}
    items = [says("developer", "Sandbox: workspace-write."), says("user", "<environment_context>zsh</environment_context>"),
             says("user", "Fix a.py, please.")]
    for number, (_, text, calls) in enumerate(TURNS):
        said = checked(request(url, model, items))
        texts = [part["text"] for item in said if item["type"] == "message" for part in item["content"]]
        assert "".join(texts) == (text or ""), f"turn {number + 1}: {texts}"
        made = [item for item in said if item["type"].endswith("_call")]
        wanted = [KINDS_OF_CALLS.get(call[0], "function_call") for call, _ in calls]
        assert [item["type"] for item in made] == wanted, f"turn {number + 1}: {[item['type'] for item in made]}"
        items += [fed_back(item) for item in said]
        items += [output(item, *call) for item, call in zip(made, calls)]
    return len(TURNS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", type=pathlib.Path, default=matrix.ROOT / ".build/release/ockham-gateway")
    asked = parser.parse_args()
    providers = Providers(Model().answer)
    gateway = matrix.Gateway(asked.gateway.resolve(), providers)
    failed = 0
    try:
        for kind in scenes.KINDS:
            try:
                ended = f"loop done, {loop(gateway.url, scenes.target('codex', kind))} turns"
            except urllib.error.HTTPError as error:
                ended = f"ENDED by {error.code} {error.read().decode()[:500]}"
            except AssertionError as error:
                ended = f"ENDED: {error}"
            refused = [fault for *_, fault in providers.take() if fault]
            failed += "done" not in ended or bool(refused)
            print(f"{kind:10} {ended}; requests refused on the way: {len(refused)} {refused[:2] or ''}", flush=True)
    finally:
        gateway.stop()
        providers.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
