"""What a request means, whatever the dialect, and whether it is what a scene has.

A request is read into `Meaning`: the system's text, turns of items, declared tools, the schema of the answer. Items are
("text", text), ("image", media type, bytes), ("call", id, name, arguments) and ("result", id, text).
"""

import json
import re

import scenes


class Refused(Exception):
    """What the real service would refuse, in words of its kind; `field` where the service names one."""

    def __init__(self, message, field=None):
        super().__init__(message)
        self.field = field


class Meaning:
    def __init__(self):
        self.system, self.turns, self.tools, self.schema = [], [], {}, None
        self.thinks = self.streams = False

    def say(self, role, *items):
        """Adds to the last turn where the role is the same."""
        if not self.turns or self.turns[-1][0] != role:
            self.turns.append((role, []))
        self.turns[-1][1].extend(items)

    @property
    def user_text(self):
        return "\n".join(i[1] for role, items in self.turns if role == "user" for i in items if i[0] == "text")

    @property
    def scene(self):
        found = re.search(r"matrix (\w+):", self.user_text)
        return found.group(1) if found and found.group(1) in scenes.SCENES else None

    @property
    def step(self):
        return sum(role == "assistant" for role, _ in self.turns)


def shape(schema):
    """Names and types of an object's properties, which is what no dialect may change."""
    def kind(value):
        kinds = [value.get("type")] if "type" in value else [v.get("type") for v in value.get("anyOf", [])]
        return sorted(str(k).lower() for kind in kinds for k in (kind if isinstance(kind, list) else [kind])
                      if str(k).lower() != "null")
    return {name: kind(value) for name, value in (schema or {}).get("properties", {}).items()}


def calls_of(client, cities):
    """The calls a provider makes for cities: the scene's own tool, or the shell where the client brings its tools."""
    if client == "claude-code":
        return [("Bash", {"command": f"echo '{scenes.RESULTS[c]}'", "description": f"Weather of {c}"}) for c in cities]
    return [("weather", {"city": c}) for c in cities]


def differences(client, meaning):
    """The first thing that is not as the scene has it; None where all is."""
    whole = client == "claude-code"  # Its own system text, tools and reminders stand around what was asked.
    scene = meaning.scene
    script = scenes.SCENES[scene]
    system = "\n".join(meaning.system)
    if not whole and system != scenes.SYSTEM:
        return f"system text {system!r}"
    step = meaning.step
    if step >= len(script):
        return f"{step} turns of the assistant"
    if scene in ("tools", "parallel"):
        name = calls_of(client, ["Paris"])[0][0]
        if name not in meaning.tools:
            return f"tools {sorted(meaning.tools)}"
        if not whole and shape(meaning.tools[name]) != shape(scenes.WEATHER):
            return f"the tool's schema {meaning.tools[name]}"
    if scene == "schema" and schema_tool(meaning) is None and shape(meaning.schema) != shape(scenes.PLACE):
        return f"schema {meaning.schema}, tools {meaning.tools}"
    if scene == "thinking" and not meaning.thinks:
        return "no thinking asked for"
    if scene == "stream" and not meaning.streams:
        return "no stream asked for"
    return turn_differences(client, meaning, script, whole)


def schema_tool(meaning):
    """The tool by which a client asks for an object, where it asks so."""
    if meaning.schema is not None:
        return None
    for name, schema in meaning.tools.items():
        if shape(schema) == shape(scenes.PLACE):
            return name
    return None


def turn_differences(client, meaning, script, whole):
    ids = []  # The calls that wait for their results, in order.
    turns = meaning.turns
    roles = [role for role, _ in turns]
    if roles != ["user", "assistant"] * meaning.step + ["user"]:
        return f"turns {roles}"
    for number, (role, items) in enumerate(turns):
        asked, answered = script[number // 2]
        texts = "\n".join(i[1] for i in items if i[0] == "text" and i[1].strip())
        calls = [i for i in items if i[0] == "call"]
        if role == "assistant":
            wanted = calls_of(client, answered.get("calls", []))
            if [(c[2], c[3]) for c in calls] != wanted:
                return f"calls {calls} instead of {wanted}"
            # Clients carry a thought that no one signed as a text.
            texts = re.sub(r"<(think|thinking)>.*?</\1>", "", texts, flags=re.S)
            if "text" in answered and texts.strip() != answered["text"]:
                return f"the assistant's text {texts!r}"
            ids = [c[1] for c in calls]
            continue
        results = [i for i in items if i[0] == "result"]
        if asked == "results":
            cities = script[number // 2 - 1][1]["calls"]
            if sorted(r[1] for r in results) != sorted(ids):
                return f"results for {[r[1] for r in results]}, called {ids}"
            given = {r[1]: r[2] for r in results}
            for call, city in zip(ids, cities):
                if scenes.RESULTS[city] not in given[call]:
                    return f"the result for {city} is {given[call]!r}"
        elif results:
            return f"results {results}"
        elif (asked not in texts) if whole else (asked != texts.strip()):
            return f"the user's text {texts!r}"
        if number == 0 and meaning.scene == "image":
            images = [i[1:] for i in items if i[0] == "image"]
            if images != [("image/png", scenes.PNG)]:
                return f"images {[(i[0], len(i[1])) for i in images]}"
    return None


def arguments(text):
    """The arguments of a call: the text of an object."""
    try:
        value = json.loads(text)
    except ValueError:
        raise Refused(f"arguments that are no JSON: {text!r}")
    if not isinstance(value, dict):
        raise Refused("arguments that are no object")
    return value


def only(where, body, known):
    """Refuses fields that the service does not know."""
    for key in body:
        if key not in known:
            raise Refused(f"Unrecognized request argument supplied: {where}{key}", where + key)


def strict_schema(schema, where):
    """What OpenAI's strict mode asks of every object in a schema."""
    if isinstance(schema, list):
        for value in schema:
            strict_schema(value, where)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise Refused(f"Invalid schema for {where}: 'additionalProperties' is required to be supplied and to be "
                          "false.", where)
        if set(schema.get("properties", {})) != set(schema.get("required", [])):
            raise Refused(f"Invalid schema for {where}: 'required' must list every key in properties.", where)
    for key, value in schema.items():
        if key in ("properties", "$defs", "definitions"):
            for inner in value.values():
                strict_schema(inner, where)
        elif key in ("items", "anyOf"):
            strict_schema(value, where)
