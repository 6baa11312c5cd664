package ockham

/*
#include <ockham.h>
#include <stdlib.h>

static void set_call(
    ockham_tool_call *calls, size_t index, const char *name, size_t name_bytes, const char *arguments, size_t bytes) {
  ockham_tool_call call = {name, name_bytes, arguments, bytes};
  calls[index] = call;
}
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// Finish says why a model stopped.
type Finish int32

// Reasons to stop; the zero value is not known.
const (
	Stop          Finish = C.OCKHAM_FINISH_STOP
	Length        Finish = C.OCKHAM_FINISH_LENGTH
	ToolCalls     Finish = C.OCKHAM_FINISH_TOOL_CALLS
	ContentFilter Finish = C.OCKHAM_FINISH_CONTENT_FILTER
	OtherFinish   Finish = C.OCKHAM_FINISH_OTHER
)

// Call is a tool that the model wants to call.
type Call struct{ Name, Arguments string }

// Response is what a tier answered. What is not known of it is nil.
type Response struct {
	Text                                       string
	Calls                                      []Call
	JSONValid, SchemaValid, ToolCallsValid     *bool
	FinishReason                               Finish
	MeanLogprob, MinimumLogprob, LogprobSpread *float32
}

// Escalation says whether the request should move on, and to which tier.
type Escalation struct {
	Tier            string // empty where the response is to be taken as it is
	IsWorthwhile    bool
	Gain, Threshold float32
	Probabilities   []float32 // P(good | response) of the tier that answered and of each above
}

// Weigh weighs a tier's response to the last request of this scratch.
func (scratch *Scratch) Weigh(response *Response, tier int) (Escalation, error) {
	// All in C memory: C may not be given Go memory that holds Go pointers.
	text := C.CString(response.Text)
	defer C.free(unsafe.Pointer(text))
	calls := (*C.ockham_tool_call)(C.malloc(C.size_t(len(response.Calls)+1) * C.sizeof_ockham_tool_call))
	defer C.free(unsafe.Pointer(calls))
	for index, call := range response.Calls {
		name, arguments := C.CString(call.Name), C.CString(call.Arguments)
		defer C.free(unsafe.Pointer(name))
		defer C.free(unsafe.Pointer(arguments))
		C.set_call(calls, C.size_t(index), name, C.size_t(len(call.Name)), arguments, C.size_t(len(call.Arguments)))
	}
	facts := (*C.ockham_response_facts)(C.malloc(C.sizeof_ockham_response_facts))
	defer C.free(unsafe.Pointer(facts))
	*facts = response.facts()
	native := C.ockham_response{
		struct_bytes: C.sizeof_ockham_response, text: text, text_bytes: C.size_t(len(response.Text)), tool_calls: calls,
		tool_call_count: C.size_t(len(response.Calls)), facts: facts,
	}
	made := C.ockham_escalation{struct_bytes: C.sizeof_ockham_escalation}
	probabilities := make([]C.float, len(scratch.tiers))
	status := C.ockham_weigh(
		scratch.handle, &native, C.size_t(tier), &made, &probabilities[0], C.size_t(len(probabilities)))
	runtime.KeepAlive(scratch)
	if status != C.OCKHAM_OK {
		return Escalation{}, failure(status)
	}
	step := Escalation{IsWorthwhile: made.is_worthwhile != 0, Gain: float32(made.gain), Threshold: float32(made.threshold)}
	if made.tier_name != nil {
		step.Tier = C.GoString(made.tier_name)
	}
	for _, probability := range probabilities[:len(scratch.tiers)-tier] {
		step.Probabilities = append(step.Probabilities, float32(probability))
	}
	return step, nil
}

func (response *Response) facts() C.ockham_response_facts {
	facts := C.ockham_response_facts{
		struct_bytes: C.sizeof_ockham_response_facts, json_valid: fact(response.JSONValid),
		schema_valid: fact(response.SchemaValid), tool_calls_valid: fact(response.ToolCallsValid),
		finish_reason: C.int32_t(response.FinishReason),
	}
	set := func(value *float32, place *C.float, bit C.uint32_t) {
		if value != nil {
			*place = C.float(*value)
			facts.known_logprobs |= bit
		}
	}
	set(response.MeanLogprob, &facts.mean_logprob, C.OCKHAM_LOGPROB_MEAN)
	set(response.MinimumLogprob, &facts.minimum_logprob, C.OCKHAM_LOGPROB_MINIMUM)
	set(response.LogprobSpread, &facts.logprob_spread, C.OCKHAM_LOGPROB_SPREAD)
	return facts
}

func fact(known *bool) C.int32_t {
	switch {
	case known == nil:
		return C.OCKHAM_FACT_UNKNOWN
	case *known:
		return C.OCKHAM_FACT_TRUE
	default:
		return C.OCKHAM_FACT_FALSE
	}
}
