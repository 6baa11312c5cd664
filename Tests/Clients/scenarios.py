"""The official `openai` and `anthropic` clients against the gateway: what their users do, checked.

Each scenario runs once through an OpenAI-speaking and once through an Anthropic-speaking provider, so that answers are
seen both passed through and translated. `run` starts the gateway and the provider.
"""

import sys
import time

import anthropic
import openai

GATEWAY, KEY = sys.argv[1], sys.argv[2]
oai = openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key=KEY, max_retries=0)
ant = anthropic.Anthropic(base_url=GATEWAY, api_key=KEY, max_retries=0)
TOOL = {"type": "function", "function": {"name": "weather", "description": "Weather of a city", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
ANT_TOOL = {"name": "weather", "description": "Weather of a city", "input_schema": TOOL["function"]["parameters"]}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "place", "schema": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
passed = failed = 0


def scenario(function):
    """Runs a scenario for both models and counts."""
    global passed, failed
    for model in ("speaks-openai", "speaks-anthropic"):
        try:
            function(model)
            passed += 1
        except Exception as error:  # noqa: BLE001: every failure is to be reported
            failed += 1
            print(f"FAILED {function.__name__} ({model}): {type(error).__name__}: {error}")
    return function


def user(text):
    return [{"role": "user", "content": text}]


@scenario
def chat(model):
    answer = oai.chat.completions.create(model=model, messages=user("hello there"))
    assert answer.choices[0].message.content == "echo: hello there", answer
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (12, 7), answer.usage
    assert answer.usage.prompt_tokens_details.cached_tokens == 4


@scenario
def chat_headers(model):
    raw = oai.chat.completions.with_raw_response.create(model=model, messages=user("hello"))
    for name in ("x-ockham-request-id", "x-ockham-model", "x-ockham-reason", "x-ockham-cost-usd", "x-ockham-attempts"):
        assert raw.headers.get(name), name
    assert raw.headers["x-ockham-attempts"] == "1"


@scenario
def chat_auto(_):
    raw = oai.chat.completions.with_raw_response.create(model="auto", messages=user("What is 2 + 2?"))
    assert raw.headers["x-ockham-tier"] in ("small", "mid", "frontier"), raw.headers
    assert raw.parse().choices[0].message.content.startswith("echo:")


@scenario
def chat_stream(model):
    stream = oai.chat.completions.create(model=model, messages=user("one two three"), stream=True)
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text.strip() == "echo: one two three", text
    assert chunks[-1].choices and chunks[-1].choices[0].finish_reason == "stop", chunks[-1]
    assert all(c.usage is None for c in chunks)


@scenario
def chat_stream_usage(model):
    stream = oai.chat.completions.create(
        model=model, messages=user("count me"), stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 19, chunks[-1]
    assert all(c.usage is None for c in chunks[:-1])


@scenario
def chat_tools(model):
    answer = oai.chat.completions.create(model=model, messages=user("tool please"), tools=[TOOL])
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "weather" and "Paris" in call.function.arguments
    assert answer.choices[0].finish_reason == "tool_calls"
    follow = user("tool please") + [
        {"role": "assistant", "tool_calls": [call.model_dump()]},
        {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    answer = oai.chat.completions.create(model=model, messages=follow, tools=[TOOL])
    assert answer.choices[0].message.content


@scenario
def chat_stream_tools(model):
    stream = oai.chat.completions.create(model=model, messages=user("tool please"), tools=[TOOL], stream=True)
    name, arguments, finish = "", "", None
    for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
            name += call.function.name or ""
            arguments += call.function.arguments or ""
        finish = chunk.choices[0].finish_reason or finish
    assert name == "weather" and arguments.replace(" ", "") == '{"city":"Paris"}' and finish == "tool_calls"


def json_schema(model):
    answer = oai.chat.completions.create(model=model, messages=user("which city"), response_format=SCHEMA)
    assert answer.choices[0].message.content == '{"city": "Paris"}', answer


json_schema.__name__ = "json_schema"
try:
    json_schema("speaks-openai")
    passed += 1
except Exception as error:  # noqa: BLE001
    failed += 1
    print(f"FAILED json_schema: {error}")


@scenario
def errors(model):
    def raises(kind, **arguments):
        try:
            oai.chat.completions.create(**{"model": model, "messages": user("x"), **arguments})
        except kind as error:
            return error
        raise AssertionError(f"no {kind.__name__}")

    error = raises(openai.NotFoundError, model="no-such-model")
    assert error.code == "model_not_found" and error.type == "invalid_request_error", error.body
    error = raises(openai.BadRequestError, messages=[])
    assert error.code == "empty_array" and error.param == "messages", error.body
    error = raises(openai.BadRequestError, messages=user("refuse this"))
    assert error.code == "upstream_rejected_request", error.body
    error = raises(openai.InternalServerError, messages=user("fail 99"))
    assert error.code == "all_providers_failed" and error.body["attempts"], error.body
    stranger = openai.OpenAI(base_url=f"{GATEWAY}/v1", api_key="sk-nobody", max_retries=0)
    try:
        stranger.chat.completions.create(model=model, messages=user("x"))
    except openai.AuthenticationError as error:
        assert error.code == "invalid_api_key", error.body
    else:
        raise AssertionError("a wrong key was accepted")


@scenario
def retries(model):
    raw = oai.chat.completions.with_raw_response.create(model=model, messages=user(f"fail 1 {model} {time.time()}"))
    assert raw.headers["x-ockham-attempts"] == "2"
    start = time.monotonic()
    raw = oai.chat.completions.with_raw_response.create(model=model, messages=user(f"limit {model} {time.time()}"))
    assert raw.headers["x-ockham-attempts"] == "2" and time.monotonic() - start >= 0.9


@scenario
def cut_stream(model):
    if model != "speaks-openai":
        return
    stream = oai.chat.completions.create(model=model, messages=user("cut this short please"), stream=True)
    text = ""
    try:
        for chunk in stream:
            text += chunk.choices[0].delta.content or ""
    except openai.APIError as error:
        assert text and "interrupted" in str(error), error
        return
    raise AssertionError("a cut stream looked whole")


@scenario
def responses(model):
    answer = oai.responses.create(model=model, input="hello there")
    assert answer.output_text == "echo: hello there" and answer.status == "completed", answer
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (12, 7)


@scenario
def responses_stream(model):
    text, kinds = "", []
    for event in oai.responses.create(model=model, input="one two", stream=True):
        kinds.append(event.type)
        if event.type == "response.output_text.delta":
            text += event.delta
    assert text.strip() == "echo: one two" and kinds[0] == "response.created" and kinds[-1] == "response.completed"


@scenario
def responses_tools(model):
    tool = {"type": "function", **TOOL["function"]}
    answer = oai.responses.create(model=model, input="tool please", tools=[tool])
    call = [item for item in answer.output if item.type == "function_call"][0]
    assert call.name == "weather" and "Paris" in call.arguments


@scenario
def models(_):
    names = [m.id for m in oai.models.list()]
    assert {"auto", "small", "frontier", "speaks-openai"} <= set(names), names


@scenario
def messages(model):
    answer = ant.messages.create(model=model, max_tokens=100, messages=user("hello there"), system="Be brief.")
    assert answer.content[0].text == "echo: hello there" and answer.stop_reason == "end_turn", answer
    total = answer.usage.input_tokens + (answer.usage.cache_read_input_tokens or 0)
    assert (total, answer.usage.output_tokens) == (12, 7), answer.usage


@scenario
def messages_stream(model):
    with ant.messages.stream(model=model, max_tokens=100, messages=user("one two three")) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text.strip() == "echo: one two three" and final.stop_reason == "end_turn", final
    assert final.usage.output_tokens == 7


@scenario
def messages_tools(model):
    answer = ant.messages.create(model=model, max_tokens=100, messages=user("tool please"), tools=[ANT_TOOL])
    block = [b for b in answer.content if b.type == "tool_use"][0]
    assert block.name == "weather" and block.input == {"city": "Paris"} and answer.stop_reason == "tool_use"
    follow = user("tool please") + [
        {"role": "assistant", "content": [block.model_dump()]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": block.id, "content": "sunny"}]}]
    assert ant.messages.create(model=model, max_tokens=100, messages=follow, tools=[ANT_TOOL]).content


@scenario
def messages_stream_tools(model):
    with ant.messages.stream(model=model, max_tokens=100, messages=user("tool please"), tools=[ANT_TOOL]) as stream:
        final = stream.get_final_message()
    block = [b for b in final.content if b.type == "tool_use"][0]
    assert block.input == {"city": "Paris"} and final.stop_reason == "tool_use", final


@scenario
def messages_errors(model):
    try:
        ant.messages.create(model="no-such-model", max_tokens=10, messages=user("x"))
    except anthropic.NotFoundError as error:
        assert error.body["type"] == "error" and error.body["error"]["type"] == "not_found_error", error.body
    else:
        raise AssertionError("an unknown model was accepted")
    try:
        ant.messages.create(model=model, max_tokens=10, messages=[])
    except anthropic.BadRequestError as error:
        assert error.body["error"]["type"] == "invalid_request_error"
    else:
        raise AssertionError("no messages were accepted")


@scenario
def feedback(model):
    raw = oai.chat.completions.with_raw_response.create(model="auto", messages=user("rate me"))
    name = raw.headers["x-ockham-request-id"]
    answer = oai.post("/feedback", body={"request_id": name, "quality": 1}, cast_to=object)
    assert answer, answer


print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
