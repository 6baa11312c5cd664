// Package ockham routes chat requests in process, over libockham.
//
// Build with PKG_CONFIG_PATH set to PREFIX/lib/pkgconfig of an installed libockham.
package ockham

/*
#cgo pkg-config: ockham
#include <ockham.h>
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"
)

// Role says who speaks.
type Role int32

// Roles.
const (
	System    Role = C.OCKHAM_ROLE_SYSTEM
	User      Role = C.OCKHAM_ROLE_USER
	Assistant Role = C.OCKHAM_ROLE_ASSISTANT
	Tool      Role = C.OCKHAM_ROLE_TOOL
)

// Format is the form that the answer must have.
type Format int32

// Formats.
const (
	Text       Format = C.OCKHAM_FORMAT_TEXT
	JSONObject Format = C.OCKHAM_FORMAT_JSON_OBJECT
	JSONSchema Format = C.OCKHAM_FORMAT_JSON_SCHEMA
)

// Message is one message of a request.
type Message struct {
	Role Role
	Text string
}

// Request is a chat request as far as routing looks at it.
type Request struct {
	Messages            []Message
	Tools               []string
	ToolSchemaBytes     int64
	ResponseFormat      Format
	ResponseSchemaBytes int64
	ImageCount          int64
	MaximumOutputTokens int64 // 0 where the client does not say
}

// Decision says where a request goes and why.
type Decision struct {
	Tier            string
	TierIndex       int
	Reason, Task    string
	Gain, Threshold float32
	Difficulty      float32
	ExpectedCostUSD float64 // NaN for a model that predicts no costs
	Probabilities   []float32
}

// Router is a loaded model. Any number of goroutines may use one.
type Router struct {
	handle *C.ockham_router
	tiers  int
}

// Load reads the bytes of a model.safetensors.
func Load(model []byte) (*Router, error) {
	if C.ockham_abi_version() != C.OCKHAM_ABI_VERSION {
		return nil, errors.New("ockham: the library has another ABI version than its header")
	}
	if len(model) == 0 {
		return nil, errors.New("ockham: expected a model file, found no bytes")
	}
	var detail [512]C.char
	router := &Router{}
	status := C.ockham_router_load(unsafe.Pointer(&model[0]), C.size_t(len(model)), &router.handle, &detail[0], 512)
	if status != C.OCKHAM_OK {
		return nil, errors.New("ockham: " + C.GoString(&detail[0]))
	}
	router.tiers = int(C.ockham_router_tier_count(router.handle))
	runtime.SetFinalizer(router, func(router *Router) { C.ockham_router_free(router.handle) })
	return router, nil
}

// Scratch is the working storage of one goroutine at a time; keep them in a sync.Pool.
type Scratch struct {
	handle *C.ockham_scratch
	tiers  []C.ockham_tier_score
}

// NewScratch makes a scratch for this router.
func (router *Router) NewScratch() (*Scratch, error) {
	scratch := &Scratch{tiers: make([]C.ockham_tier_score, router.tiers)}
	if status := C.ockham_scratch_create(router.handle, &scratch.handle); status != C.OCKHAM_OK {
		return nil, failure(status)
	}
	runtime.SetFinalizer(scratch, func(scratch *Scratch) { C.ockham_scratch_free(scratch.handle) })
	return scratch, nil
}

// Tiers are the names of the tiers, cheapest first.
func (router *Router) Tiers() []string {
	names := make([]string, router.tiers)
	for tier := range names {
		names[tier] = C.GoString(C.ockham_router_tier_name(router.handle, C.size_t(tier)))
	}
	return names
}

// Route decides where a request goes.
func (scratch *Scratch) Route(request *Request) (Decision, error) {
	return scratch.decide(request, func(native *C.ockham_request, decision *C.ockham_decision) C.ockham_status {
		return C.ockham_route(scratch.handle, native, decision, &scratch.tiers[0], C.size_t(len(scratch.tiers)))
	})
}

// Start decides which tier is asked first, where the model has a cascade: hand its response to Weigh.
func (scratch *Scratch) Start(request *Request) (Decision, error) {
	return scratch.decide(request, func(native *C.ockham_request, decision *C.ockham_decision) C.ockham_status {
		return C.ockham_start(scratch.handle, native, decision, &scratch.tiers[0], C.size_t(len(scratch.tiers)))
	})
}

func (scratch *Scratch) decide(
	request *Request, call func(*C.ockham_request, *C.ockham_decision) C.ockham_status,
) (Decision, error) {
	block := newBlock(request)
	defer block.free()
	native := block.request(request)
	decision := C.ockham_decision{struct_bytes: C.sizeof_ockham_decision}
	status := call(&native, &decision)
	if status != C.OCKHAM_OK {
		return Decision{}, failure(status)
	}
	made := scratch.decision(&decision)
	runtime.KeepAlive(scratch)
	return made, nil
}

func (scratch *Scratch) decision(from *C.ockham_decision) Decision {
	made := Decision{
		Tier: C.GoString(from.tier_name), TierIndex: int(from.tier), Reason: C.GoString(from.reason_name),
		Task: C.GoString(from.task_name), Gain: float32(from.gain), Threshold: float32(from.threshold),
		Difficulty: float32(from.difficulty), ExpectedCostUSD: float64(from.expected_cost_usd),
	}
	for _, tier := range scratch.tiers {
		made.Probabilities = append(made.Probabilities, float32(tier.probability))
	}
	return made
}

func failure(status C.ockham_status) error {
	return errors.New("ockham: " + C.GoString(C.ockham_status_message(status)))
}
