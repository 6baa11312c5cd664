//! The part of ockham.h that is used here, by hand: no crate is needed.
use std::ffi::{c_char, c_void};

pub const ABI_VERSION: u32 = 1;

#[repr(C)]
pub struct Message {
    pub text: *const c_char,
    pub text_bytes: usize,
    pub role: i32,
}

#[repr(C)]
pub struct Tool {
    pub name: *const c_char,
    pub name_bytes: usize,
}

#[repr(C)]
pub struct Request {
    pub struct_bytes: usize,
    pub messages: *const Message,
    pub message_count: usize,
    pub tools: *const Tool,
    pub tool_count: usize,
    pub tool_schema_bytes: i64,
    pub response_schema_bytes: i64,
    pub image_count: i64,
    pub maximum_output_tokens: i64,
    pub response_format: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct TierScore {
    pub probability: f32,
    pub logit: f32,
    pub expected_cost_usd: f64,
}

#[repr(C)]
pub struct Decision {
    pub struct_bytes: usize,
    pub model_id: u64,
    pub expected_cost_usd: f64,
    pub tier_name: *const c_char,
    pub reason_name: *const c_char,
    pub task_name: *const c_char,
    pub tier: i32,
    pub reason: i32,
    pub task: i32,
    pub gain: f32,
    pub threshold: f32,
    pub difficulty: f32,
    pub propensity: f32,
}

#[repr(C)]
#[derive(Default)]
pub struct ResponseFacts {
    pub struct_bytes: usize,
    pub json_valid: i32,
    pub schema_valid: i32,
    pub tool_calls_valid: i32,
    pub finish_reason: i32,
    pub known_logprobs: u32,
    pub mean_logprob: f32,
    pub minimum_logprob: f32,
    pub logprob_spread: f32,
}

#[repr(C)]
pub struct ToolCall {
    pub name: *const c_char,
    pub name_bytes: usize,
    pub arguments: *const c_char,
    pub arguments_bytes: usize,
}

#[repr(C)]
pub struct Response {
    pub struct_bytes: usize,
    pub text: *const c_char,
    pub text_bytes: usize,
    pub tool_calls: *const ToolCall,
    pub tool_call_count: usize,
    pub facts: *const ResponseFacts,
}

#[repr(C)]
pub struct Escalation {
    pub struct_bytes: usize,
    pub tier_name: *const c_char,
    pub tier: i32,
    pub is_worthwhile: i32,
    pub gain: f32,
    pub threshold: f32,
}

extern "C" {
    pub fn ockham_abi_version() -> u32;
    pub fn ockham_status_message(status: i32) -> *const c_char;
    pub fn ockham_router_load(
        bytes: *const c_void,
        count: usize,
        router: *mut *mut c_void,
        detail: *mut c_char,
        detail_bytes: usize,
    ) -> i32;
    pub fn ockham_router_tier_count(router: *const c_void) -> usize;
    pub fn ockham_router_free(router: *mut c_void);
    pub fn ockham_scratch_create(router: *const c_void, scratch: *mut *mut c_void) -> i32;
    pub fn ockham_scratch_free(scratch: *mut c_void);
    pub fn ockham_router_tier_name(router: *const c_void, tier: usize) -> *const c_char;
    pub fn ockham_route(
        scratch: *mut c_void,
        request: *const Request,
        decision: *mut Decision,
        tiers: *mut TierScore,
        tier_capacity: usize,
    ) -> i32;
    pub fn ockham_start(
        scratch: *mut c_void,
        request: *const Request,
        decision: *mut Decision,
        tiers: *mut TierScore,
        tier_capacity: usize,
    ) -> i32;
    pub fn ockham_weigh(
        scratch: *mut c_void,
        response: *const Response,
        tier: usize,
        escalation: *mut Escalation,
        probabilities: *mut f32,
        probability_capacity: usize,
    ) -> i32;
}
