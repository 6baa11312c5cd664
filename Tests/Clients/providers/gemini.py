"""Gemini's generateContent: what it refuses, what a request means, and how it answers."""

import base64
import re

from providers.meaning import Meaning, Refused, only
from providers.openai_chat import pieces

GENERATION = """temperature topP topK candidateCount maxOutputTokens stopSequences seed presencePenalty frequencyPenalty
responseMimeType responseSchema responseJsonSchema responseLogprobs logprobs thinkingConfig""".split()
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")


def read(request):
    body = request.body
    if not request.path.startswith("/v1beta/models/") or request.headers.get("x-goog-api-key") != "upstream-key":
        raise Refused("Method doesn't allow unregistered callers.")
    only("", body, ("contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings",
                    "cachedContent"))
    meaning = Meaning()
    meaning.streams = "streamGenerateContent" in request.path
    if meaning.streams and "alt=sse" not in request.path:
        raise Refused("a stream that is no server-sent one")
    meaning.system = [part["text"] for part in (body.get("systemInstruction") or {}).get("parts", [])]
    read_generation(body, meaning)
    read_tools(body, meaning)
    read_contents(body.get("contents"), meaning)
    return meaning


def read_generation(body, meaning):
    generation = body.get("generationConfig") or {}
    only("generation_config.", generation, GENERATION)
    schema = generation.get("responseJsonSchema") or generation.get("responseSchema")
    if schema is not None and generation.get("responseMimeType") != "application/json":
        raise Refused("response_schema needs response_mime_type application/json")
    if body.get("tools") and generation.get("responseMimeType") == "application/json":
        raise Refused("Function calling with a response mime type: 'application/json' is unsupported")
    if generation.get("responseMimeType") == "application/json":
        meaning.schema = schema or {}
    if generation.get("maxOutputTokens", 1) > 65536:
        raise Refused("max_output_tokens must be at most 65536")
    thinking = generation.get("thinkingConfig") or {}
    only("generation_config.thinking_config.", thinking, ("thinkingBudget", "includeThoughts"))
    if not -1 <= thinking.get("thinkingBudget", 0) <= 24576:
        raise Refused("The thinking budget is invalid. Please choose a value between 0 and 24576.")
    meaning.thinks = thinking.get("thinkingBudget", 0) != 0


def read_tools(body, meaning):
    for tool in body.get("tools") or []:
        only("tools.", tool, ("functionDeclarations",))
        for function in tool["functionDeclarations"]:
            only("tools.function_declarations.", function, ("name", "description", "parameters", "parametersJsonSchema"))
            if not NAME.fullmatch(function["name"]):
                raise Refused("Invalid function name.")
            schema = function.get("parametersJsonSchema") or function.get("parameters") or {}
            meaning.tools[function["name"]] = schema
    config = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    if config and not meaning.tools:
        raise Refused("Function calling config is set without function_declarations.")
    if config.get("allowedFunctionNames") and config.get("mode") != "ANY":
        raise Refused("Allowed function names should only be set when function calling mode is ANY.")


def read_contents(contents, meaning):
    if not contents:
        raise Refused("* GenerateContentRequest.contents: contents is not specified")
    calls, before = [], None
    for index, content in enumerate(contents):
        where = f"contents[{index}]"
        if content.get("role", "user") not in ("user", "model"):
            raise Refused("Please use a valid role: user, model.")
        if not content.get("parts"):
            raise Refused(f"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.")
        if content.get("role") == "model" and before is None:
            raise Refused("Please ensure that multiturn requests begin with a user turn.")
        results = [p["functionResponse"] for p in content["parts"] if "functionResponse" in p]
        if len(results) != len(calls):
            raise Refused("Please ensure that the number of function response parts is equal to the number of function "
                          "call parts of the function call turn.")
        for number, (call, result) in enumerate(zip(calls, results)):
            if call["name"] != result["name"]:
                raise Refused(f"{where}: the response {result['name']} stands where that of {call['name']} must be.")
            response = result["response"]
            if not isinstance(response, dict):
                raise Refused("Invalid value at function_response.response: expected a struct")
            meaning.say("user", ("result", f"call-{index - 1}-{number}", str(response.get("result", response))))
        calls = [p["functionCall"] for p in content["parts"] if "functionCall" in p]
        for number, call in enumerate(calls):
            meaning.say("assistant", ("call", f"call-{index}-{number}", call["name"], call.get("args", {})))
        read_parts(content, where, meaning)
        before = content.get("role", "user")
    if calls:
        raise Refused("a function call without its response")


def read_parts(content, where, meaning):
    role = "assistant" if content.get("role") == "model" else "user"
    for part in content["parts"]:
        only(f"{where}.parts.", part, ("text", "inlineData", "fileData", "functionCall", "functionResponse", "thought",
                                       "thoughtSignature"))
        if "text" in part:
            if not part["text"]:
                raise Refused("Unable to submit request because it must have a text parameter.")
            if not part.get("thought"):
                meaning.say(role, ("text", part["text"]))
        elif "inlineData" in part:
            data = part["inlineData"]
            meaning.say(role, ("image", data["mimeType"], base64.b64decode(data["data"], validate=True)))


def error(message, field):
    return {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}


def usage(counts):
    return {"promptTokenCount": counts["input"], "cachedContentTokenCount": counts["cached"],
            "candidatesTokenCount": counts["output"] - counts["reasoning"], "thoughtsTokenCount": counts["reasoning"],
            "totalTokenCount": counts["input"] + counts["output"]}


def answer(model, parts, name, counts=None, finish=None):
    candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    made = {"candidates": [candidate], "modelVersion": model, "responseId": name}
    return {**made, "usageMetadata": usage(counts)} if counts else made


def call_parts(said):
    return [{"functionCall": {"name": c[0], "args": c[1]}, "thoughtSignature": "c2lnbmVk"} for c in said.get("calls") or []]


def whole(model, said, counts, name):
    parts = [{"text": said["thought"], "thought": True}] if said.get("thought") else []
    parts += [{"text": said["text"]}] if said.get("text") else []
    return answer(model, parts + call_parts(said), name, counts, "STOP")


def stream(model, said, counts, name, body):
    for part in pieces(said.get("thought")):
        yield None, answer(model, [{"text": part, "thought": True}], name)
    for part in pieces(said.get("text")):
        yield None, answer(model, [{"text": part}], name)
    for part in call_parts(said):
        yield None, answer(model, [part], name)
    yield None, answer(model, [{"text": ""}], name, counts, "STOP")
