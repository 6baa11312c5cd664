/* Counts the allocations of a thousand decisions over the C interface after a warm-up: count_in_c MODEL
 * Exits with 1 if there is any, or if the counter itself does not count. */
#include <ockham.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITHOUT_COUNTING
static unsigned long allocation_count(void) {
  static unsigned long calls;
  return calls++ == 0 ? 0 : 1;
}
#else
#include "allocations.h"
#endif

static char model[1 << 24];
static char text[1 << 20];

static ockham_request make_request(const ockham_message *messages, const ockham_tool *tools) {
  ockham_request request;
  memset(&request, 0, sizeof request);
  request.struct_bytes = sizeof request;
  request.messages = messages;
  request.message_count = 3;
  request.tools = tools;
  request.tool_count = 2;
  request.tool_schema_bytes = 300;
  return request;
}

/* Allocations of `count` decisions; -1 where one fails. */
static long measure(ockham_scratch *scratch, const ockham_request *request, int count) {
  ockham_tier_score tiers[64];
  unsigned long before = allocation_count();
  for (int round = 0; round < count; round++) {
    ockham_decision decision;
    decision.struct_bytes = sizeof decision;
    if (ockham_route(scratch, request, &decision, tiers, 64) != OCKHAM_OK) return -1;
  }
  return (long)(allocation_count() - before);
}

int main(int argc, char **argv) {
  unsigned long before = allocation_count();
  void *volatile probe = malloc(100);
  free(probe);
  int failed = argc != 2 || allocation_count() == before;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 66;
  size_t bytes = fread(model, 1, sizeof model, file);
  fclose(file);
  for (size_t index = 0; index < sizeof text; index++) text[index] = "Is f(x) = 3 a prime?\n- "[index % 23];

  ockham_router *router;
  ockham_scratch *scratch;
  if (ockham_router_load(model, bytes, &router, NULL, 0) || ockham_scratch_create(router, &scratch)) return 1;
  ockham_tool tools[] = {{"search", 6}, {"get_current_weather_of_a_city", 29}};
  for (size_t size = 100; size <= sizeof text; size *= 100) {
    ockham_message messages[] = {
        {"Answer in JSON.", 15, OCKHAM_ROLE_SYSTEM}, {"short", 5, OCKHAM_ROLE_USER}, {text, size, OCKHAM_ROLE_USER}};
    ockham_request request = make_request(messages, tools);
    failed |= measure(scratch, &request, 3) < 0;
    long allocations = measure(scratch, &request, 1000);
#ifndef WITHOUT_COUNTING
    printf("C, %zu bytes: %ld allocations in 1,000 decisions\n", size, allocations);
    failed |= allocations != 0;
#else
    failed |= allocations < 0;
#endif
  }
  ockham_scratch_free(scratch);
  ockham_router_free(router);
  return failed;
}
