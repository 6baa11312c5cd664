/* Ockham for C and everything that calls C.
 *
 * Sends each LLM request to the cheapest model tier that will get it right: P(good) per tier, gain, threshold, tier.
 *
 *     ockham_router *router = NULL;
 *     char detail[256];
 *     if (ockham_router_load(bytes, count, &router, detail, sizeof detail) != OCKHAM_OK) ...     bytes of model.safetensors
 *     ockham_scratch *scratch = NULL;
 *     ockham_scratch_create(router, &scratch);                       one per thread
 *
 *     ockham_message message = {text, text_bytes, OCKHAM_ROLE_USER};
 *     ockham_request request = {sizeof request, &message, 1};        what is left out is 0: not stated
 *     ockham_decision decision = {sizeof decision};
 *     ockham_route(scratch, &request, &decision, NULL, 0);
 *     puts(decision.tier_name);                                      "small"
 *
 * Threads. A router never changes: any number of threads may use one. A scratch belongs to one thread at a time.
 * Memory.  What a call is given is read during the call and never kept. Strings that a call gives out belong to the
 *          router (tier and feature names) or to the library (all others); do not free them.
 * Speed.   ockham_score and ockham_route allocate nothing once a scratch has seen its largest request and its tools.
 * Errors.  Every call that can fail returns a status. A null, short or absurd argument gives a status, not a crash; what
 *          cannot be checked is a pointer that points nowhere, a handle already freed, a count beyond the memory it counts.
 *          No message ever contains text of a request.
 */
#ifndef OCKHAM_H
#define OCKHAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The layout of everything below. Structs that begin with struct_bytes may grow at the end without a new version. */
#define OCKHAM_ABI_VERSION 1

/* The version that the library was built with; refuse to go on where it differs from OCKHAM_ABI_VERSION. */
uint32_t ockham_abi_version(void);

/* -- Status ---------------------------------------------------------------------------------------------------------- */

typedef int32_t ockham_status;
enum {
  OCKHAM_OK = 0,
  OCKHAM_NULL_ARGUMENT = 1,    /* a handle or pointer that must not be NULL is */
  OCKHAM_BAD_STRUCT = 2,       /* struct_bytes is smaller than the struct of ABI version 1 */
  OCKHAM_BAD_MODEL = 3,        /* the model file was refused; the detail says why */
  OCKHAM_BAD_REQUEST = 4,      /* a role, format or count out of range, or a NULL text of more than 0 bytes */
  OCKHAM_BAD_POLICY = 5,       /* a policy that does not fit the model, or a number that is not finite */
  OCKHAM_BUFFER_TOO_SMALL = 6, /* fewer elements than the router has tiers */
  OCKHAM_BAD_TIER = 7,         /* a tier index that the router does not have, or upper not above lower */
  OCKHAM_NOTHING_SCORED = 8,   /* ockham_explain or ockham_weigh before any request was scored */
  OCKHAM_NO_RESPONSE_HEAD = 9  /* the model predicts nothing from responses of this tier */
};

/* One English sentence for a status, never NULL; "unknown status" for any other number. */
const char *ockham_status_message(ockham_status status);

/* -- Routers --------------------------------------------------------------------------------------------------------- */

/* A model and a policy. Immutable. */
typedef struct ockham_router ockham_router;

/* Loads a model file with the thresholds that are stored in it and no other constraint. The bytes are copied; free them
 * when you like. On failure *router is NULL. detail, if not NULL, receives a NUL-terminated text of at most detail_bytes
 * bytes with the NUL: "" on success, else what was expected, what was found and what to do. */
ockham_status ockham_router_load(
    const void *bytes, size_t count, ockham_router **router, char *detail, size_t detail_bytes);

/* What one tier can do. A number of 0 is unknown and excludes nothing. */
typedef struct ockham_tier_limits {
  int64_t context_tokens;              /* the most tokens of prompt and answer together */
  double input_usd_per_million_tokens; /* prices count where both are known */
  double output_usd_per_million_tokens;
  double latency_milliseconds;         /* the typical time to an answer */
  uint32_t missing_capabilities;       /* OCKHAM_CAPABILITY_... that requests cannot have of this tier */
} ockham_tier_limits;

enum { OCKHAM_CAPABILITY_TOOLS = 1, OCKHAM_CAPABILITY_JSON = 2, OCKHAM_CAPABILITY_IMAGES = 4 };

#define OCKHAM_TASK_COUNT 10

/* Constraints that no gain outweighs. A number of 0 and a NULL array constrain nothing. */
typedef struct ockham_policy {
  size_t struct_bytes;                 /* sizeof(ockham_policy) */
  const float *thresholds;             /* the least gain per step up [threshold_count], instead of the model's */
  size_t threshold_count;              /* tiers - 1, or 0 */
  const ockham_tier_limits *tiers;     /* [tier_count], cheapest first */
  size_t tier_count;                   /* as many as the model has, or 0 */
  float minimum_quality;               /* the least P(good) to settle for, up to 1 */
  double maximum_cost_usd;             /* the most that one request may cost */
  double maximum_latency_milliseconds;
  uint64_t task_pins[OCKHAM_TASK_COUNT]; /* bit t of element k: task k may go to tier t; 0 leaves the task alone */
} ockham_policy;

/* A router with the same model, which is shared, and another policy; both are freed on their own. As cheap as a few
 * allocations. detail as for ockham_router_load. */
ockham_status ockham_router_with_policy(
    const ockham_router *router, const ockham_policy *policy, ockham_router **other, char *detail, size_t detail_bytes);

/* The number of tiers, at least 2; 0 for NULL. */
size_t ockham_router_tier_count(const ockham_router *router);

/* The name of a tier, cheapest first; NULL for NULL or an index that is too large. */
const char *ockham_router_tier_name(const ockham_router *router, size_t tier);

/* A hash of the model file; 0 for NULL. */
uint64_t ockham_router_model_id(const ockham_router *router);

/* Frees a router. Scratches made from it stay usable. NULL is allowed. */
void ockham_router_free(ockham_router *router);

/* -- Requests -------------------------------------------------------------------------------------------------------- */

enum { OCKHAM_ROLE_SYSTEM = 0, OCKHAM_ROLE_USER = 1, OCKHAM_ROLE_ASSISTANT = 2, OCKHAM_ROLE_TOOL = 3 };
enum { OCKHAM_FORMAT_TEXT = 0, OCKHAM_FORMAT_JSON_OBJECT = 1, OCKHAM_FORMAT_JSON_SCHEMA = 2 };

/* One message. Several text parts of one message are one text, joined by a line feed. */
typedef struct ockham_message {
  const char *text;  /* UTF-8 without a NUL at the end; damaged UTF-8 is read as it is. May be NULL where empty */
  size_t text_bytes; /* up to 2^40 */
  int32_t role;      /* OCKHAM_ROLE_... ; developer is SYSTEM, function is TOOL */
} ockham_message;

/* The name of a tool that the model may call. */
typedef struct ockham_tool {
  const char *name;
  size_t name_bytes;
} ockham_tool;

/* A chat request. Counts below 0 are taken as 0. */
typedef struct ockham_request {
  size_t struct_bytes;            /* sizeof(ockham_request) */
  const ockham_message *messages; /* [message_count], as they were sent */
  size_t message_count;           /* up to 2^20; 0 scores like an empty prompt */
  const ockham_tool *tools;       /* [tool_count] */
  size_t tool_count;              /* up to 2^16 */
  int64_t tool_schema_bytes;      /* bytes of JSON that describe the tools' parameters */
  int64_t response_schema_bytes;  /* bytes of JSON of the answer's schema */
  int64_t image_count;            /* image parts over all messages */
  int64_t maximum_output_tokens;  /* max_tokens; 0 where the client does not say */
  int32_t response_format;        /* OCKHAM_FORMAT_... */
} ockham_request;

/* -- Decisions ------------------------------------------------------------------------------------------------------- */

/* Working storage of one thread, bound to the router it was made from. */
typedef struct ockham_scratch ockham_scratch;

ockham_status ockham_scratch_create(const ockham_router *router, ockham_scratch **scratch);
void ockham_scratch_free(ockham_scratch *scratch); /* NULL is allowed */

/* What is expected of one tier. */
typedef struct ockham_tier_score {
  float probability;        /* P(the tier's answer is good), calibrated */
  float logit;              /* before calibration */
  double expected_cost_usd; /* NaN for a model that predicts no costs */
} ockham_tier_score;

/* What is expected of a request. */
typedef struct ockham_score_result {
  size_t struct_bytes;    /* sizeof(ockham_score_result), set by the caller */
  float difficulty;       /* 1 - P(the cheapest tier is good) */
  float gain;             /* P(the last tier is good) - P(the first tier is good) */
  int32_t task;           /* the most probable kind of task, in the order of task_pins; -1 for a model without a task head */
  float task_probability; /* 0 without a task head */
  const char *task_name;  /* NULL without a task head */
} ockham_score_result;

/* Scores a request. tiers [tier_capacity] receives one element per tier; NULL with capacity 0 leaves it out. */
ockham_status ockham_score(
    ockham_scratch *scratch, const ockham_request *request, ockham_score_result *result, ockham_tier_score *tiers,
    size_t tier_capacity);

enum {
  OCKHAM_REASON_GAIN_BELOW_THRESHOLD = 0,
  OCKHAM_REASON_GAIN_REACHES_THRESHOLD = 1,
  OCKHAM_REASON_MINIMUM_QUALITY = 2,   /* the cheapest tier that reaches the minimum quality */
  OCKHAM_REASON_BEST_EFFORT = 3,       /* no allowed tier reaches it; this is the most probable */
  OCKHAM_REASON_ONLY_ALLOWED_TIER = 4,
  OCKHAM_REASON_NO_TIER_ALLOWED = 5,   /* the constraints were set aside; decide yourself whether to go on */
  OCKHAM_REASON_UNFAMILIAR = 6         /* unlike those the model is meant for, and a cheaper tier may do harm there */
};

/* Where a request goes and why. */
typedef struct ockham_decision {
  size_t struct_bytes;      /* sizeof(ockham_decision), set by the caller */
  uint64_t model_id;        /* ockham_router_model_id */
  double expected_cost_usd; /* of the chosen tier; NaN for a model that predicts no costs */
  const char *tier_name;    /* lives as long as the router or the scratch */
  const char *reason_name;  /* such as "gain_below_threshold" */
  const char *task_name;    /* NULL without a task head */
  int32_t tier;             /* index, cheapest first */
  int32_t reason;           /* OCKHAM_REASON_... */
  int32_t task;             /* -1 without a task head */
  float gain;               /* won by moving from the lowest allowed tier to the one that was weighed against it */
  float threshold;          /* what gain had to reach for this request */
  float difficulty;
  float propensity;         /* the probability with which the policy takes this tier: 1 without exploration */
  int32_t is_unfamiliar;    /* 1 where the request is unlike those the model is meant for; 0 also where that is not measured */
} ockham_decision;

/* Scores a request and decides. tiers as for ockham_score. */
ockham_status ockham_route(
    ockham_scratch *scratch, const ockham_request *request, ockham_decision *decision, ockham_tier_score *tiers,
    size_t tier_capacity);

/* -- Responses ------------------------------------------------------------------------------------------------------- */

/* A model with response heads predicts from what a tier answered whether that is good, and whether a higher tier's answer would
   be. Ask the tier of ockham_start, then hand its response to ockham_weigh, and go on to the tier that it names. */

enum { OCKHAM_FACT_UNKNOWN = 0, OCKHAM_FACT_FALSE = 1, OCKHAM_FACT_TRUE = 2 };
enum {
  OCKHAM_FINISH_UNKNOWN = 0,
  OCKHAM_FINISH_STOP = 1,
  OCKHAM_FINISH_LENGTH = 2,
  OCKHAM_FINISH_TOOL_CALLS = 3,
  OCKHAM_FINISH_CONTENT_FILTER = 4,
  OCKHAM_FINISH_OTHER = 5
};
enum { OCKHAM_LOGPROB_MEAN = 1, OCKHAM_LOGPROB_MINIMUM = 2, OCKHAM_LOGPROB_SPREAD = 4 };

/* What is known of a response beside its text; zeros for nothing. Unknown is not the same as false or 0. */
typedef struct ockham_response_facts {
  size_t struct_bytes;      /* sizeof(ockham_response_facts) */
  int32_t json_valid;       /* OCKHAM_FACT_... : whether the text is the JSON that the request asked for */
  int32_t schema_valid;     /* whether it fits the schema that the request gave */
  int32_t tool_calls_valid; /* whether every call names a declared tool and carries a JSON object that fits its parameters */
  int32_t finish_reason;    /* OCKHAM_FINISH_... */
  uint32_t known_logprobs;  /* OCKHAM_LOGPROB_... : which of these are known */
  float mean_logprob;       /* of the tokens' natural log-probabilities, each from -100 to 0 */
  float minimum_logprob;
  float logprob_spread;     /* their standard deviation */
} ockham_response_facts;

/* Sets the three from the log-probabilities of all tokens; unknown without any, or with one that is NaN. */
ockham_status ockham_facts_set_logprobs(ockham_response_facts *facts, const double *logprobs, size_t count);

/* A tool that the model wants to call. */
typedef struct ockham_tool_call {
  const char *name;
  size_t name_bytes;
  const char *arguments; /* the text of a JSON object */
  size_t arguments_bytes;
} ockham_tool_call;

/* What a tier answered. */
typedef struct ockham_response {
  size_t struct_bytes;                /* sizeof(ockham_response) */
  const char *text;                   /* as ockham_message.text; may be NULL where there are only calls */
  size_t text_bytes;
  const ockham_tool_call *tool_calls; /* [tool_call_count] */
  size_t tool_call_count;             /* up to 2^16 */
  const ockham_response_facts *facts; /* NULL for nothing known */
} ockham_response;

/* 1 where the model can weigh responses of a tier, else 0. */
int32_t ockham_router_reads_responses(const ockham_router *router, size_t tier);

/* As ockham_route, but where the model has a cascade that decides which tier is asked first: its response is to be weighed.
   The constraints of the policy hold for the tiers that ockham_weigh may then name. */
ockham_status ockham_start(
    ockham_scratch *scratch, const ockham_request *request, ockham_decision *decision, ockham_tier_score *tiers,
    size_t tier_capacity);

/* What comes of a response. */
typedef struct ockham_escalation {
  size_t struct_bytes;   /* sizeof(ockham_escalation), set by the caller */
  const char *tier_name; /* of the tier above that is worth most; NULL where nothing was weighed */
  int32_t tier;          /* its index; -1 where the response is to be taken as it is */
  int32_t is_worthwhile; /* 1 where the request should move on to that tier */
  float gain;            /* P(that tier would be good) - P(the response is good), given the response */
  float threshold;       /* what gain had to reach */
} ockham_escalation;

/* Weighs a tier's response to the last request of a scratch. probabilities [probability_capacity] receives P(good | response)
   of the tier and of each above it, tiers - tier elements; NULL with capacity 0 leaves them out. Nothing is copied. */
ockham_status ockham_weigh(
    ockham_scratch *scratch, const ockham_response *response, size_t tier, ockham_escalation *escalation,
    float *probabilities, size_t probability_capacity);

/* -- Explanations ---------------------------------------------------------------------------------------------------- */

/* What moved logit(upper) - logit(lower). The parts add up to the whole within rounding. They explain logits; calibration
 * then bends each tier's into a probability. */
typedef struct ockham_explanation {
  size_t struct_bytes;   /* sizeof(ockham_explanation), set by the caller */
  float logit_difference;
  float bias;            /* what an average request has */
  float dense;           /* the measures of structure together */
  float hidden;          /* the hidden layer of the MLP kind, which mixes n-grams and structure; else 0 */
  float system_grams;    /* the words of system messages */
  float question_grams;  /* the words of the last user message */
  float history_grams;   /* the words of all other messages */
  float tool_grams;      /* the words of tool names */
} ockham_explanation;

/* What one measure of structure adds to ockham_explanation.dense. */
typedef struct ockham_contribution {
  const char *name; /* such as "stem_words"; lives as long as the router or the scratch */
  float value;
} ockham_contribution;

/* Explains the last request of a scratch: why upper looks better (above 0) or worse than lower. The largest contributions
 * by absolute value go to contributions [contribution_capacity], their number to *contribution_count; both may be NULL.
 * Allocates; meant for looking, not for every request. */
ockham_status ockham_explain(
    const ockham_scratch *scratch, size_t lower, size_t upper, ockham_explanation *explanation,
    ockham_contribution *contributions, size_t contribution_capacity, size_t *contribution_count);

/* The same for the last response that ockham_weigh was given: what moved logit(upper) - logit(tier), upper above the tier that
   answered. question_grams are the words of its text, history_grams those of its calls, tool_grams their tools' names. Names of
   contributions are those of a response's features, or "logit of NAME" for what the request alone told of a tier. */
ockham_status ockham_explain_response(
    const ockham_scratch *scratch, size_t upper, ockham_explanation *explanation, ockham_contribution *contributions,
    size_t contribution_capacity, size_t *contribution_count);

#ifdef __cplusplus
}
#endif
#endif
