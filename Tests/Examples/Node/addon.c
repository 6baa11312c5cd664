/* Ockham for Node: load(model) gives a router, route(router, request) a decision; start(router, request) says which tier a
 * cascade asks first, and weigh(router, response, tier) the result of its response to that request. Compiled by ../run; needs
 * node's headers.
 *
 * A request is {messages: [[role, text], …], tools: [name, …], toolSchemaBytes, responseFormat, responseSchemaBytes,
 * imageCount, maximumOutputTokens}, roles and formats being the numbers of ockham.h. A response is {text, toolCalls: [[name,
 * arguments], …], jsonValid, schemaValid, toolCallsValid, finishReason (numbers of ockham.h), meanLogprob, minimumLogprob,
 * logprobSpread}; what is left out is not known. Errors are thrown. */
#include <node_api.h>
#include <ockham.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A router with the scratch of this thread: a worker loads a router of its own. */
typedef struct {
  ockham_router *router;
  ockham_scratch *scratch;
} handle;

static void finalize(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  handle *made = data;
  ockham_scratch_free(made->scratch);
  ockham_router_free(made->router);
  free(made);
}

static napi_value load(napi_env env, napi_callback_info info) {
  size_t count = 1, bytes = 0;
  napi_value argument, result;
  void *model = NULL;
  char detail[512];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_buffer_info(env, argument, &model, &bytes) != napi_ok) {
    napi_throw_type_error(env, NULL, "ockham: expected a Buffer with a model file");
    return NULL;
  }
  handle *made = calloc(1, sizeof *made);
  if (!made) return NULL;
  if (ockham_router_load(model, bytes, &made->router, detail, sizeof detail) != OCKHAM_OK ||
      ockham_scratch_create(made->router, &made->scratch) != OCKHAM_OK) {
    finalize(env, made, NULL);
    napi_throw_error(env, NULL, detail);
    return NULL;
  }
  napi_create_external(env, made, finalize, NULL, &result);
  return result;
}

static napi_value member(napi_env env, napi_value object, const char *name) {
  napi_value value = NULL;
  return napi_get_named_property(env, object, name, &value) == napi_ok ? value : NULL;
}

static int64_t number(napi_env env, napi_value object, const char *name) {
  int64_t value = 0;
  napi_value from = member(env, object, name);
  return from && napi_get_value_int64(env, from, &value) == napi_ok ? value : 0;
}

static uint32_t length(napi_env env, napi_value array) {
  uint32_t count = 0;
  bool is_array = false;
  if (array && napi_is_array(env, array, &is_array) == napi_ok && is_array) napi_get_array_length(env, array, &count);
  return count;
}

/* A copy of a string's UTF-8, to be freed; NULL for anything else. */
static char *copy(napi_env env, napi_value value, size_t *bytes) {
  if (napi_get_value_string_utf8(env, value, NULL, 0, bytes) != napi_ok) return NULL;
  char *text = malloc(*bytes + 1);
  if (text) napi_get_value_string_utf8(env, value, text, *bytes + 1, bytes);
  return text;
}

static void read_messages(napi_env env, napi_value array, ockham_message *messages, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    napi_value pair, role, text;
    messages[index].role = -1; /* refused, unless the pair is one */
    if (napi_get_element(env, array, index, &pair) != napi_ok || length(env, pair) != 2) continue;
    if (napi_get_element(env, pair, 0, &role) != napi_ok || napi_get_element(env, pair, 1, &text) != napi_ok) continue;
    messages[index].text = copy(env, text, &messages[index].text_bytes);
    if (messages[index].text) napi_get_value_int32(env, role, &messages[index].role);
  }
}

static void read_tools(napi_env env, napi_value array, ockham_tool *tools, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    napi_value name;
    if (napi_get_element(env, array, index, &name) == napi_ok) tools[index].name = copy(env, name, &tools[index].name_bytes);
  }
}

static void set_number(napi_env env, napi_value object, const char *name, double number) {
  napi_value value;
  if (napi_create_double(env, number, &value) == napi_ok) napi_set_named_property(env, object, name, value);
}

static void set_text(napi_env env, napi_value object, const char *name, const char *text) {
  napi_value value;
  napi_get_null(env, &value);
  if (text) napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, object, name, value);
}

static napi_value describe(napi_env env, const ockham_decision *made, const ockham_tier_score *tiers, size_t count) {
  napi_value result, probabilities, value;
  napi_create_object(env, &result);
  napi_create_array_with_length(env, count, &probabilities);
  for (uint32_t tier = 0; tier < count; tier++) {
    napi_create_double(env, tiers[tier].probability, &value);
    napi_set_element(env, probabilities, tier, value);
  }
  napi_set_named_property(env, result, "probabilities", probabilities);
  set_text(env, result, "tier", made->tier_name);
  set_text(env, result, "reason", made->reason_name);
  set_text(env, result, "task", made->task_name);
  set_number(env, result, "gain", made->gain);
  set_number(env, result, "threshold", made->threshold);
  set_number(env, result, "difficulty", made->difficulty);
  set_number(env, result, "expectedCostUSD", made->expected_cost_usd);
  return result;
}

typedef ockham_status (*decision_call)(
    ockham_scratch *, const ockham_request *, ockham_decision *, ockham_tier_score *, size_t);

static napi_value decide(napi_env env, handle *made, const ockham_request *request, decision_call call) {
  ockham_tier_score tiers[64]; /* no model has more */
  ockham_decision decision = {0};
  decision.struct_bytes = sizeof decision;
  size_t count = ockham_router_tier_count(made->router);
  ockham_status status = call(made->scratch, request, &decision, tiers, count);
  if (status == OCKHAM_OK) return describe(env, &decision, tiers, count);
  napi_throw_error(env, NULL, ockham_status_message(status));
  return NULL;
}

static napi_value read_and_decide(napi_env env, napi_callback_info info, decision_call call) {
  size_t count = 2;
  napi_value arguments[2], result = NULL;
  handle *made = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 2 || napi_get_value_external(env, arguments[0], (void **)&made) != napi_ok) {
    napi_throw_type_error(env, NULL, "ockham: expected a router and a request");
    return NULL;
  }
  napi_value object = arguments[1];
  napi_value message_array = member(env, object, "messages"), tool_array = member(env, object, "tools");
  uint32_t message_count = length(env, message_array), tool_count = length(env, tool_array);
  ockham_message *messages = calloc(message_count + 1u, sizeof *messages);
  ockham_tool *tools = calloc(tool_count + 1u, sizeof *tools);
  if (messages && tools) {
    read_messages(env, message_array, messages, message_count);
    read_tools(env, tool_array, tools, tool_count);
    ockham_request request = {
        sizeof request, messages, message_count, tools, tool_count, number(env, object, "toolSchemaBytes"),
        number(env, object, "responseSchemaBytes"), number(env, object, "imageCount"),
        number(env, object, "maximumOutputTokens"), (int32_t)number(env, object, "responseFormat")};
    result = decide(env, made, &request, call);
  }
  for (uint32_t index = 0; messages && index < message_count; index++) free((void *)messages[index].text);
  for (uint32_t index = 0; tools && index < tool_count; index++) free((void *)tools[index].name);
  free(messages);
  free(tools);
  return result;
}

static napi_value route(napi_env env, napi_callback_info info) { return read_and_decide(env, info, ockham_route); }

static napi_value start(napi_env env, napi_callback_info info) { return read_and_decide(env, info, ockham_start); }

static void read_calls(napi_env env, napi_value array, ockham_tool_call *calls, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    napi_value pair, part;
    if (napi_get_element(env, array, index, &pair) != napi_ok || length(env, pair) != 2) continue;
    if (napi_get_element(env, pair, 0, &part) == napi_ok) calls[index].name = copy(env, part, &calls[index].name_bytes);
    if (napi_get_element(env, pair, 1, &part) == napi_ok)
      calls[index].arguments = copy(env, part, &calls[index].arguments_bytes);
  }
}

static float logprob(napi_env env, napi_value object, const char *name, uint32_t bit, uint32_t *known) {
  double value = 0;
  napi_value from = member(env, object, name);
  if (from && napi_get_value_double(env, from, &value) == napi_ok) *known |= bit;
  return (float)value;
}

static ockham_response_facts read_facts(napi_env env, napi_value object) {
  ockham_response_facts facts = {0};
  facts.struct_bytes = sizeof facts;
  facts.json_valid = (int32_t)number(env, object, "jsonValid");
  facts.schema_valid = (int32_t)number(env, object, "schemaValid");
  facts.tool_calls_valid = (int32_t)number(env, object, "toolCallsValid");
  facts.finish_reason = (int32_t)number(env, object, "finishReason");
  facts.mean_logprob = logprob(env, object, "meanLogprob", OCKHAM_LOGPROB_MEAN, &facts.known_logprobs);
  facts.minimum_logprob = logprob(env, object, "minimumLogprob", OCKHAM_LOGPROB_MINIMUM, &facts.known_logprobs);
  facts.logprob_spread = logprob(env, object, "logprobSpread", OCKHAM_LOGPROB_SPREAD, &facts.known_logprobs);
  return facts;
}

static napi_value describe_step(napi_env env, const ockham_escalation *step, const float *probabilities, uint32_t count) {
  napi_value result, array, value;
  napi_create_object(env, &result);
  napi_create_array_with_length(env, count, &array);
  for (uint32_t index = 0; index < count; index++) {
    napi_create_double(env, probabilities[index], &value);
    napi_set_element(env, array, index, value);
  }
  napi_set_named_property(env, result, "probabilities", array);
  set_text(env, result, "tier", step->tier_name);
  napi_get_boolean(env, step->is_worthwhile != 0, &value);
  napi_set_named_property(env, result, "isWorthwhile", value);
  set_number(env, result, "gain", step->gain);
  set_number(env, result, "threshold", step->threshold);
  return result;
}

static napi_value weigh(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], result = NULL;
  handle *made = NULL;
  int64_t tier = -1;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 3 || napi_get_value_external(env, arguments[0], (void **)&made) != napi_ok ||
      napi_get_value_int64(env, arguments[2], &tier) != napi_ok) {
    napi_throw_type_error(env, NULL, "ockham: expected a router, a response and the number of a tier");
    return NULL;
  }
  napi_value object = arguments[1], call_array = member(env, object, "toolCalls");
  uint32_t call_count = length(env, call_array);
  ockham_tool_call *calls = calloc(call_count + 1u, sizeof *calls);
  ockham_response_facts facts = read_facts(env, object);
  ockham_response response = {sizeof response, NULL, 0, calls, call_count, &facts};
  response.text = copy(env, member(env, object, "text"), &response.text_bytes);
  ockham_escalation step = {sizeof step, NULL, 0, 0, 0, 0};
  float probabilities[64]; /* no model has more tiers */
  if (calls && response.text) {
    read_calls(env, call_array, calls, call_count);
    ockham_status status = ockham_weigh(made->scratch, &response, (size_t)tier, &step, probabilities, 64);
    if (status == OCKHAM_OK) {
      uint32_t above = (uint32_t)(ockham_router_tier_count(made->router) - (size_t)tier);
      result = describe_step(env, &step, probabilities, above);
    } else {
      napi_throw_error(env, NULL, ockham_status_message(status));
    }
  }
  for (uint32_t index = 0; calls && index < call_count; index++) {
    free((void *)calls[index].name);
    free((void *)calls[index].arguments);
  }
  free((void *)response.text);
  free(calls);
  return result;
}

/* tiers(router): the names, cheapest first. */
static napi_value tiers(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result, name;
  handle *made = NULL;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_external(env, argument, (void **)&made) != napi_ok) return NULL;
  napi_create_array(env, &result);
  for (uint32_t tier = 0; tier < ockham_router_tier_count(made->router); tier++) {
    napi_create_string_utf8(env, ockham_router_tier_name(made->router, tier), NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, result, tier, name);
  }
  return result;
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {{"load", load}, {"route", route}, {"start", start}, {"weigh", weigh}, {"tiers", tiers}};
  for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
    napi_value function;
    napi_create_function(env, functions[index].name, NAPI_AUTO_LENGTH, functions[index].call, NULL, &function);
    napi_set_named_property(env, exports, functions[index].name, function);
  }
  return exports;
}
