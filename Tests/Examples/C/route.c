/* Routes requests and prints each decision to the last bit: route MODEL < flattened requests
 *
 * A request with a response starts where the model's cascade says, and its response is weighed. Everything that an application
 * needs is in main, route and weigh; the rest reads the example's input. */
#include <inttypes.h>
#include <ockham.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MESSAGES = 16, MOST_TOOLS = 16, MOST_CALLS = 16, MOST_TIERS = 64, LONGEST_LINE = 65536 };

typedef struct {
  char *id;
  ockham_message messages[MOST_MESSAGES];
  ockham_tool tools[MOST_TOOLS];
  ockham_request request;
  const char *answered; /* the tier that gave the response; NULL without one */
  ockham_tool_call calls[MOST_CALLS];
  ockham_response_facts facts;
  ockham_response response;
} example;

static uint32_t bits(float value) {
  uint32_t pattern;
  memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}

static uint64_t bits_of_double(double value) {
  uint64_t pattern;
  memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}

static void fail(const char *what, ockham_status status, const char *detail) {
  fprintf(stderr, "route: %s: %s %s\n", what, ockham_status_message(status), detail);
  exit(1);
}

static void print_decision(const char *id, const ockham_decision *decision, const ockham_tier_score *tiers, size_t count) {
  printf("%s %s %s %s gain=%08" PRIx32 " threshold=%08" PRIx32 " p=", id, decision->tier_name, decision->reason_name,
         decision->task_name ? decision->task_name : "-", bits(decision->gain), bits(decision->threshold));
  for (size_t tier = 0; tier < count; tier++) printf("%s%08" PRIx32, tier ? "," : "", bits(tiers[tier].probability));
  printf(" usd=%016" PRIx64 "\n", bits_of_double(decision->expected_cost_usd));
}

static void route(ockham_scratch *scratch, example *next, size_t tier_count) {
  ockham_decision decision = {.struct_bytes = sizeof decision};
  ockham_tier_score tiers[MOST_TIERS];
  ockham_status status = ockham_route(scratch, &next->request, &decision, tiers, tier_count);
  if (status != OCKHAM_OK) fail(next->id, status, "");
  print_decision(next->id, &decision, tiers, tier_count);
}

static void weigh(const ockham_router *router, ockham_scratch *scratch, example *next, size_t tier_count) {
  ockham_decision decision = {.struct_bytes = sizeof decision};
  ockham_status status = ockham_start(scratch, &next->request, &decision, NULL, 0);
  if (status != OCKHAM_OK) fail(next->id, status, "");
  size_t tier = 0;
  while (tier < tier_count && strcmp(ockham_router_tier_name(router, tier), next->answered)) tier++;
  ockham_escalation step = {sizeof step, NULL, 0, 0, 0, 0};
  float probabilities[MOST_TIERS];
  status = ockham_weigh(scratch, &next->response, tier, &step, probabilities, MOST_TIERS);
  if (status != OCKHAM_OK) fail(next->id, status, "");
  printf("%s start=%s answered=%s p=", next->id, decision.tier_name, next->answered);
  for (size_t above = 0; above < tier_count - tier; above++)
    printf("%s%08" PRIx32, above ? "," : "", bits(probabilities[above]));
  printf(" next=%s gain=%08" PRIx32 " threshold=%08" PRIx32 "\n", step.is_worthwhile ? step.tier_name : "-", bits(step.gain),
         bits(step.threshold));
}

/* -- Input ----------------------------------------------------------------------------------------------------------- */

static char *unescaped(const char *text) {
  char *result = malloc(strlen(text) + 1), *end = result;
  if (!result) exit(1);
  for (; *text; text++) {
    if (*text == '\\') *end++ = *++text == 'n' ? '\n' : *text;
    else *end++ = *text;
  }
  *end = 0;
  return result;
}

static void take_response(example *into, const char *key, char *value) {
  ockham_response *response = &into->response;
  ockham_response_facts *facts = &into->facts;
  if (!strcmp(key, "answered")) into->answered = value;
  if (!strcmp(key, "text")) {
    response->text = value;
    response->text_bytes = strlen(value);
  }
  if (!strcmp(key, "call") && response->tool_call_count < MOST_CALLS) {
    ockham_tool_call call = {value, strlen(value), NULL, 0};
    into->calls[response->tool_call_count++] = call;
  }
  if (!strcmp(key, "arguments") && response->tool_call_count) {
    into->calls[response->tool_call_count - 1].arguments = value;
    into->calls[response->tool_call_count - 1].arguments_bytes = strlen(value);
  }
  if (!strcmp(key, "json_valid")) facts->json_valid = atoi(value);
  if (!strcmp(key, "schema_valid")) facts->schema_valid = atoi(value);
  if (!strcmp(key, "tool_calls_valid")) facts->tool_calls_valid = atoi(value);
  if (!strcmp(key, "finish_reason")) facts->finish_reason = atoi(value);
  if (!strcmp(key, "mean_logprob")) facts->known_logprobs |= OCKHAM_LOGPROB_MEAN, facts->mean_logprob = strtof(value, NULL);
  if (!strcmp(key, "minimum_logprob"))
    facts->known_logprobs |= OCKHAM_LOGPROB_MINIMUM, facts->minimum_logprob = strtof(value, NULL);
  if (!strcmp(key, "logprob_spread"))
    facts->known_logprobs |= OCKHAM_LOGPROB_SPREAD, facts->logprob_spread = strtof(value, NULL);
}

static void take(example *into, const char *key, char *value) {
  ockham_request *request = &into->request;
  if (!strncmp(key, "message", 7) && request->message_count < MOST_MESSAGES) {
    ockham_message message = {value, strlen(value), key[7] - '0'};
    into->messages[request->message_count++] = message;
    return;
  }
  if (!strcmp(key, "tool") && request->tool_count < MOST_TOOLS) {
    ockham_tool tool = {value, strlen(value)};
    into->tools[request->tool_count++] = tool;
    return;
  }
  if (!strcmp(key, "id")) into->id = value;
  if (!strcmp(key, "format")) request->response_format = atoi(value);
  if (!strcmp(key, "tool_schema_bytes")) request->tool_schema_bytes = atoll(value);
  if (!strcmp(key, "response_schema_bytes")) request->response_schema_bytes = atoll(value);
  if (!strcmp(key, "image_count")) request->image_count = atoll(value);
  if (!strcmp(key, "max_tokens")) request->maximum_output_tokens = atoll(value);
  take_response(into, key, value);
}

/* Reads up to the next empty line; 0 at the end of the input. Texts live until the process ends. */
static int read_example(example *into) {
  static char line[LONGEST_LINE];
  memset(into, 0, sizeof *into);
  into->request.struct_bytes = sizeof into->request;
  into->request.messages = into->messages;
  into->request.tools = into->tools;
  into->facts.struct_bytes = sizeof into->facts;
  into->response.struct_bytes = sizeof into->response;
  into->response.tool_calls = into->calls;
  into->response.facts = &into->facts;
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *space = strchr(line, ' ');
    if (!space) return into->id != NULL;
    *space = 0;
    take(into, line, unescaped(space + 1));
  }
  return 0;
}

static void *read_file(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) exit(66);
  *count = (size_t)ftell(file);
  rewind(file);
  void *bytes = malloc(*count);
  if (!bytes || fread(bytes, 1, *count, file) != *count) exit(74);
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  if (argc != 2) return 64;
  if (ockham_abi_version() != OCKHAM_ABI_VERSION) return 1;
  size_t count;
  void *bytes = read_file(argv[1], &count);
  char detail[256];
  ockham_router *router;
  ockham_status status = ockham_router_load(bytes, count, &router, detail, sizeof detail);
  free(bytes);
  if (status != OCKHAM_OK) fail(argv[1], status, detail);

  ockham_scratch *scratch;
  status = ockham_scratch_create(router, &scratch);
  if (status != OCKHAM_OK) fail("scratch", status, "");
  static example next;
  while (read_example(&next)) {
    if (next.answered) weigh(router, scratch, &next, ockham_router_tier_count(router));
    else route(scratch, &next, ockham_router_tier_count(router));
  }
  ockham_scratch_free(scratch);
  ockham_router_free(router);
}
